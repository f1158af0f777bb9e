using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Tests.Fuzz.Identity;
using Spiffe.Agent.Tests.TestKit.Identity;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Fuzz.Issuance;

/// <summary>Assertions that were changed, and well-signed ones that say anything at all.</summary>
public sealed class SubjectProperties : IDisposable
{
    private static readonly Config Thousands = Config.QuickThrowOnFailure.WithMaxTest(3000);

    private readonly ManualTime _time = new();
    private readonly AssertionForge _forge = new();

    public void Dispose() => _forge.Dispose();

    [Theory]
    [InlineData(JwsAlgorithm.ES256)]
    [InlineData(JwsAlgorithm.RS256)]
    public void No_change_of_a_valid_assertion_is_accepted(JwsAlgorithm algorithm)
    {
        using AssertionForge forge = new(algorithm);
        string token = forge.Sign(Claims());
        Assert.True(Fresh(forge).Verify(token, []).IsAccepted);
        Prop.ForAll(Mutations.Changed(Encoding.ASCII.GetBytes(token)), bytes =>
        {
            // A fresh memory each time: it is the signature that must refuse, not the replay.
            string changed = Encoding.Latin1.GetString(bytes);
            return Fresh(forge).Verify(changed, []).IsAccepted == string.Equals(changed, token, StringComparison.Ordinal);
        }).Check(Thousands);
    }

    [Fact]
    public void Whatever_an_issuer_signs_is_answered_and_what_is_accepted_is_bounded()
    {
        SubjectVerifier verifier = Fresh(_forge);
        Prop.ForAll(Mutations.Changed(Encoding.ASCII.GetBytes(Claims())), bytes =>
        {
            SubjectVerification verified = verifier.Verify(_forge.Sign(Encoding.Latin1.GetString(bytes)), []);
            if (!verified.IsAccepted) return verified.Refusal != SubjectRefusal.None;
            return verified.Refusal == SubjectRefusal.None && verified.Subject.Subject.Length is > 0 and <= 1024
                && verified.Subject.Claims.Values.All(claim => claim.Text.Length <= 1024 && claim.Texts.Length <= 64);
        }).Check(Thousands);
    }

    private string Claims() => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"iss\":\"https://ci\",\"sub\":\"repo:a\",\"aud\":\"us\",\"iat\":{_time.GetUtcNow().ToUnixTimeSeconds()},\"exp\":{_time.GetUtcNow().ToUnixTimeSeconds() + 60},\"groups\":[\"a\",\"b\"],\"n\":1}}");

    private SubjectVerifier Fresh(AssertionForge forge) => new(
        new SubjectOptions { Issuers = [new SubjectIssuer { Issuer = "https://ci", Audience = "us", Keys = [forge.PublicKey], Claims = ["groups", "n"] }], RememberedPerIssuer = 100_000 },
        _time,
        NullLogger<SubjectVerifier>.Instance);
}
