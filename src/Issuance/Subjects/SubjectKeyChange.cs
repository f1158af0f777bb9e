using System.Collections.Immutable;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>The keys of an issuer, read anew.</summary>
/// <param name="Keys">The new keys; empty where they cannot be used.</param>
/// <param name="Fault">Why they cannot be used, in one line; null where they can. The keys before them stay.</param>
public sealed record SubjectKeyChange(ImmutableArray<JwsPublicKey> Keys, string? Fault);
