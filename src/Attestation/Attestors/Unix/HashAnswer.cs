namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>What came of hashing a file.</summary>
/// <param name="Hash">64 digits of [0-9a-f]; null when there is none.</param>
/// <param name="Busy">There is no hash because the user has as many files waiting as one user may; otherwise because the file changed.</param>
internal readonly record struct HashAnswer(string? Hash, bool Busy);
