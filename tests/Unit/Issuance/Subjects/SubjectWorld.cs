using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Tests.TestKit.Identity;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Unit.Issuance.Subjects;

/// <summary>One issuer, its key, and a verifier that trusts it.</summary>
internal sealed class SubjectWorld : IDisposable
{
    public const string Issuer = "https://ci.example.org";
    public const string Audience = "spiffe://example.org";

    public SubjectWorld(JwsAlgorithm algorithm = JwsAlgorithm.ES256, Func<SubjectIssuer, SubjectIssuer>? change = null, int remembered = 100)
    {
        Forge = new AssertionForge(algorithm);
        SubjectIssuer issuer = new() { Issuer = Issuer, Audience = Audience, Keys = [Forge.PublicKey], Claims = ["repository", "ref", "groups", "run", "trusted"] };
        Said = change is null ? issuer : change(issuer);
        Remembered = remembered;
        Verifier = Another();
    }

    public ManualTime Time { get; } = new();

    public AssertionForge Forge { get; }

    public SubjectIssuer Said { get; }

    public SubjectVerifier Verifier { get; }

    private int Remembered { get; }

    public long Now => Time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Another verifier with the same configuration and an empty memory, as after a restart.</summary>
    public SubjectVerifier Another() => new(new SubjectOptions { Issuers = [Said], RememberedPerIssuer = Remembered }, Time, NullLogger<SubjectVerifier>.Instance);

    /// <summary>Claims of an honest assertion; <paramref name="more"/> follows them.</summary>
    public string Claims(string tokenId = "t1", string more = "", long issued = 0, long lives = 300, string? audience = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"iss\":\"{Issuer}\",\"sub\":\"repo:a/b\",\"aud\":{audience ?? $"\"{Audience}\""},\"iat\":{Now + issued},\"exp\":{Now + issued + lives},\"jti\":\"{tokenId}\"{more}}}");

    public SubjectVerification Verify(string token) => Verifier.Verify(token, []);

    public void Dispose() => Forge.Dispose();
}
