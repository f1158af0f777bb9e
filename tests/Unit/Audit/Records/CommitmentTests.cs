using Spiffe.Agent.Audit.Records;

namespace Spiffe.Agent.Tests.Unit.Audit.Records;

/// <summary>Free texts: bound and hidden.</summary>
public sealed class CommitmentTests
{
    [Fact]
    public void Just_the_text_that_was_committed_to_opens_it()
    {
        string digest = Commitment.To("fix the leak", out byte[] body);

        Assert.Equal("fix the leak", Commitment.Open(digest, body));
        for (int i = 0; i < body.Length; i++)
        {
            byte[] changed = [.. body];
            changed[i] ^= 1;
            Assert.Null(Commitment.Open(digest, changed));
        }

        Assert.Null(Commitment.Open(digest, body.AsSpan(1)));
        Assert.Null(Commitment.Open(digest, []));
    }

    /// <summary>Without the salt a short text would be found by trying: here by its SHA-256.</summary>
    [Fact]
    public void A_digest_does_not_tell_which_of_a_few_texts_it_stands_for_nor_that_two_are_the_same()
    {
        string[] guesses = ["yes", "no"];
        string naive = Spiffe.Agent.Identity.Json.CanonicalJson.Digest("yes"u8);
        Assert.Equal("yes", guesses.Single(guess => Spiffe.Agent.Identity.Json.CanonicalJson.Digest(System.Text.Encoding.UTF8.GetBytes(guess)) == naive));

        string digest = Commitment.To("yes", out _);
        Assert.DoesNotContain(guesses, guess => Spiffe.Agent.Identity.Json.CanonicalJson.Digest(System.Text.Encoding.UTF8.GetBytes(guess)) == digest);
        Assert.DoesNotContain(guesses, guess => Commitment.To(guess, out _) == digest);
    }

    [Fact]
    public void Texts_that_are_too_long_or_not_Unicode_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Commitment.To(new string('x', Commitment.MaxTextLength + 1), out _));
        Assert.ThrowsAny<ArgumentException>(() => Commitment.To("\ud800", out _));
        Assert.Equal("", Commitment.Open(Commitment.To("", out byte[] body), body));
    }
}
