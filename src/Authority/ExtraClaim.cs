namespace Spiffe.Agent.Authority;

/// <summary>A claim that the standards do not know, such as a task's grants.</summary>
/// <param name="Name">Its name: none of <see cref="ReservedNames"/>, and none twice in a token.</param>
/// <param name="Json">Its value: one JSON value in UTF-8, without duplicate names.</param>
public readonly record struct ExtraClaim(string Name, ReadOnlyMemory<byte> Json)
{
    /// <summary>The names that only the authority writes (RFC 7519 §4.1, RFC 7800 §3.1).</summary>
    public static IReadOnlyList<string> ReservedNames { get; } = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf"];
}
