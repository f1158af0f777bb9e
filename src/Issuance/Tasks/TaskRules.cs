using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>What decides about tasks now. Immutable; swapped whole when it is read anew.</summary>
/// <param name="Templates">What may be started, by whom.</param>
/// <param name="Policies">What policies say.</param>
public sealed record TaskRules(TemplateSnapshot Templates, TaskPolicies Policies);
