namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>An assertion that was used. Safe to record: nobody finds the assertion from it.</summary>
/// <param name="Issuer">Whose it was.</param>
/// <param name="Digest">SHA-256, 64 hexadecimal digits: of its <c>jti</c>, or of all that was signed where it has none.</param>
/// <param name="Until">From then on it is refused for its age alone.</param>
public sealed record SpentAssertion(string Issuer, string Digest, DateTimeOffset Until);
