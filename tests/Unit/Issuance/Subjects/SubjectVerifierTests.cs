using System.Text.Json;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Subjects;

namespace Spiffe.Agent.Tests.Unit.Issuance.Subjects;

/// <summary>What an honest assertion must say, and what is left of it.</summary>
public sealed class SubjectVerifierTests
{
    [Theory]
    [InlineData(JwsAlgorithm.RS256)]
    [InlineData(JwsAlgorithm.RS384)]
    [InlineData(JwsAlgorithm.RS512)]
    [InlineData(JwsAlgorithm.ES256)]
    [InlineData(JwsAlgorithm.ES384)]
    [InlineData(JwsAlgorithm.ES512)]
    [InlineData(JwsAlgorithm.PS256)]
    [InlineData(JwsAlgorithm.PS384)]
    [InlineData(JwsAlgorithm.PS512)]
    public void An_assertion_signed_with_any_of_the_nine_algorithms_names_its_subject(JwsAlgorithm algorithm)
    {
        using SubjectWorld world = new(algorithm);

        SubjectVerification verified = world.Verify(world.Forge.Sign(world.Claims()));

        Assert.Equal(SubjectRefusal.None, verified.Refusal);
        Assert.True(verified.IsAccepted);
        Assert.Equal((SubjectWorld.Issuer, "repo:a/b"), (verified.Subject.Issuer, verified.Subject.Subject));
    }

    [Fact]
    public void Only_the_claims_that_the_operator_named_are_kept()
    {
        using SubjectWorld world = new();
        const string More = ""","repository":"a/b","groups":["x","y"],"run":42,"trusted":true,"ref":null,"email":"ada@example.org" """;

        DelegatedSubject subject = world.Verify(world.Forge.Sign(world.Claims(more: More))).Subject!;

        Assert.Equal<string>(["groups", "repository", "run", "trusted"], subject.Claims.Keys);
        Assert.Equal(SubjectClaim.Of("a/b"), subject.Claims["repository"]);
        Assert.Equal(SubjectClaim.Of(["x", "y"]), subject.Claims["groups"]);
        Assert.Equal(SubjectClaim.Of(42), subject.Claims["run"]);
        Assert.Equal(SubjectClaim.Of(true), subject.Claims["trusted"]);
    }

    [Theory]
    [InlineData(""","groups":["x",1]""")]
    [InlineData(""","groups":{"a":1}""")]
    [InlineData(""","run":1.5""")]
    [InlineData(""","run":9223372036854775808""")]
    [InlineData(""","ref":"a\u001b[31m" """)]
    public void A_kept_claim_that_no_policy_can_look_at_refuses_the_assertion(string more)
    {
        // Left out, it would lift what a policy forbids by it.
        using SubjectWorld world = new();

        Assert.Equal(SubjectRefusal.ClaimUnusable, world.Verify(world.Forge.Sign(world.Claims(more: more))).Refusal);
    }

    [Fact]
    public void Kept_claims_are_bounded_one_by_one_and_together()
    {
        using SubjectWorld world = new();
        string longest = new('a', KeptClaims.MaxText);

        Assert.True(world.Verify(world.Forge.Sign(world.Claims("1", $",\"ref\":\"{longest}\""))).IsAccepted);
        Assert.Equal(SubjectRefusal.ClaimUnusable, world.Verify(world.Forge.Sign(world.Claims("2", $",\"ref\":\"{longest}a\""))).Refusal);
        Assert.Equal(SubjectRefusal.ClaimUnusable, world.Verify(world.Forge.Sign(world.Claims("3", $",\"groups\":[{Repeated("\"g\"", KeptClaims.MaxTexts + 1)}]"))).Refusal);
        Assert.Equal(SubjectRefusal.ClaimUnusable, world.Verify(world.Forge.Sign(world.Claims("4", $",\"groups\":[{Repeated($"\"{longest}\"", 9)}]"))).Refusal);
    }

    [Fact]
    public void The_audience_is_ours_and_nobody_elses()
    {
        using SubjectWorld world = new();

        Assert.True(world.Verify(world.Forge.Sign(world.Claims("1", audience: $"[\"{SubjectWorld.Audience}\"]"))).IsAccepted);
        Assert.Equal(SubjectRefusal.AudienceMismatch, world.Verify(world.Forge.Sign(world.Claims("2", audience: "\"https://other\""))).Refusal);
        Assert.Equal(SubjectRefusal.AudienceMismatch, world.Verify(world.Forge.Sign(world.Claims("3", audience: "[]"))).Refusal);
        Assert.Equal(SubjectRefusal.AudienceMismatch, world.Verify(world.Forge.Sign(world.Claims("4", audience: $"\"{SubjectWorld.Audience}/\""))).Refusal);
        Assert.Equal(SubjectRefusal.AudienceShared, world.Verify(world.Forge.Sign(world.Claims("5", audience: $"[\"{SubjectWorld.Audience}\",\"https://other\"]"))).Refusal);
        Assert.Equal(SubjectRefusal.ClaimsMalformed, world.Verify(world.Forge.Sign(world.Claims("6", audience: $"[\"{SubjectWorld.Audience}\",1]"))).Refusal);
    }

    [Fact]
    public void Times_are_held_to_the_second_with_leeway_in_both_directions()
    {
        using SubjectWorld world = new();

        Assert.True(world.Verify(world.Forge.Sign(world.Claims("1", issued: -329))).IsAccepted);
        Assert.Equal(SubjectRefusal.Expired, world.Verify(world.Forge.Sign(world.Claims("2", issued: -330))).Refusal);
        Assert.True(world.Verify(world.Forge.Sign(world.Claims("3", issued: 30))).IsAccepted);
        Assert.Equal(SubjectRefusal.IssuedInFuture, world.Verify(world.Forge.Sign(world.Claims("4", issued: 31))).Refusal);
        Assert.Equal(SubjectRefusal.NotYetValid, world.Verify(world.Forge.Sign(world.Claims("5", $",\"nbf\":{world.Now + 31}"))).Refusal);
        Assert.True(world.Verify(world.Forge.Sign(world.Claims("6", issued: -3629, lives: 1_000_000))).IsAccepted);
        Assert.Equal(SubjectRefusal.TooOld, world.Verify(world.Forge.Sign(world.Claims("7", issued: -3630, lives: 1_000_000))).Refusal);
    }

    [Theory]
    [InlineData("iat", SubjectRefusal.TimeMissing)]
    [InlineData("exp", SubjectRefusal.TimeMissing)]
    [InlineData("sub", SubjectRefusal.SubjectMalformed)]
    [InlineData("aud", SubjectRefusal.AudienceMismatch)]
    [InlineData("iss", SubjectRefusal.IssuerUnknown)]
    public void What_must_be_there_is_missed(string claim, SubjectRefusal refusal)
    {
        using SubjectWorld world = new();

        // The claim under another name is as good as none.
        Assert.Equal(refusal, world.Verify(world.Forge.Sign(world.Claims().Replace($"\"{claim}\"", $"\"x{claim}\"", StringComparison.Ordinal))).Refusal);
    }

    [Fact]
    public void A_template_that_names_issuers_takes_no_other()
    {
        using SubjectWorld world = new();
        string token = world.Forge.Sign(world.Claims());

        Assert.Equal(SubjectRefusal.IssuerNotAccepted, world.Verifier.Verify(token, ["https://people.example.org"]).Refusal);
        Assert.True(world.Verifier.Verify(token, [SubjectWorld.Issuer]).IsAccepted); // and the refusal did not spend it
    }

    [Fact]
    public void Nothing_of_the_token_is_left_in_the_subject()
    {
        using SubjectWorld world = new();
        string token = world.Forge.Sign(world.Claims("a-token-id-that-is-secret"));

        DelegatedSubject subject = world.Verify(token).Subject!;

        string all = subject + JsonSerializer.Serialize(subject);
        Assert.DoesNotContain("a-token-id-that-is-secret", all, StringComparison.Ordinal);
        Assert.All(token.Split('.'), part => Assert.DoesNotContain(part, all, StringComparison.Ordinal));
    }

    private static string Repeated(string item, int times) => string.Join(',', Enumerable.Repeat(item, times));
}
