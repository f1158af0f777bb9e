using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Journal;

/// <summary>What decides from some moment on.</summary>
/// <param name="TrustDomain">Whose identities are issued.</param>
/// <param name="Entries">How many entries there are.</param>
/// <param name="Templates">Templates and the ceiling above them.</param>
/// <param name="Policies">Compiled.</param>
/// <param name="Sources">Their texts, in order.</param>
public sealed record RulesInForce(TrustDomain TrustDomain, int Entries, TemplateSnapshot Templates, TaskPolicies Policies, ImmutableArray<PolicySource> Sources);
