namespace Spiffe.Agent.Authority.Revocation;

/// <summary>A signed Status List Token. Public by nature: it names no token and no holder.</summary>
/// <param name="Token">The JWS, <c>typ</c> <c>statuslist+jwt</c>.</param>
/// <param name="IssuedAt"><c>iat</c>, whole seconds.</param>
/// <param name="ExpiresAt"><c>exp</c>, whole seconds.</param>
/// <param name="KeyId">The key that signed it, found in <see cref="EmbeddedAuthority.StatusKeySet"/>.</param>
public sealed record StatusListToken(string Token, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, string KeyId);
