namespace Spiffe.Agent.Audit.Notes;

/// <summary>A known key's signature that verifies.</summary>
/// <param name="Key">Whose.</param>
/// <param name="CosignedAt">Of a cosignature: when, in seconds since 1970, as the witness says.</param>
public sealed record VerifiedSignature(NoteVerifierKey Key, long? CosignedAt);
