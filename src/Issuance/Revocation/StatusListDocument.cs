namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>A status list as it is served.</summary>
/// <param name="Token">The Status List Token, ASCII.</param>
/// <param name="Tag">Another text whenever the token is another.</param>
/// <param name="IssuedAt"><c>iat</c> of the token.</param>
/// <param name="TimeToLive"><c>ttl</c> of the token.</param>
public sealed record StatusListDocument(ReadOnlyMemory<byte> Token, string Tag, DateTimeOffset IssuedAt, TimeSpan TimeToLive);
