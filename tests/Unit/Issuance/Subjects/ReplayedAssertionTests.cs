using System.Buffers.Text;
using System.Numerics;
using Spiffe.Agent.Issuance.Subjects;

namespace Spiffe.Agent.Tests.Unit.Issuance.Subjects;

/// <summary>An assertion counts once.</summary>
public sealed class ReplayedAssertionTests
{
    // The order of P-256's group (SEC 2 §2.4.2).
    private static readonly BigInteger Order = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void A_second_use_is_refused()
    {
        using SubjectWorld world = new();
        string token = world.Forge.Sign(world.Claims("t1"));

        Assert.True(world.Verify(token).IsAccepted);
        Assert.Equal(SubjectRefusal.Replayed, world.Verify(token).Refusal);
        Assert.Equal(SubjectRefusal.Replayed, world.Verify(world.Forge.Sign(world.Claims("t1"))).Refusal); // signed again: another text, the same jti
        Assert.True(world.Verify(world.Forge.Sign(world.Claims("t2"))).IsAccepted);
    }

    [Fact]
    public async Task Of_many_that_present_it_at_once_exactly_one_wins()
    {
        using SubjectWorld world = new();
        for (int round = 0; round < 20; round++)
        {
            string token = world.Forge.Sign(world.Claims($"t{round}"));
            using Barrier together = new(8);
            Task<SubjectVerification>[] all = [.. Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    return world.Verify(token);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))];

            SubjectVerification[] verified = await Task.WhenAll(all);

            Assert.Equal(1, verified.Count(v => v.IsAccepted));
            Assert.Equal(7, verified.Count(v => v.Refusal == SubjectRefusal.Replayed));
        }
    }

    [Fact]
    public void The_second_way_to_write_an_ecdsa_signature_is_no_second_token()
    {
        using SubjectWorld world = new();
        string token = world.Forge.Sign(world.Claims().Replace(",\"jti\":\"t1\"", "", StringComparison.Ordinal));
        string again = OtherSignature(token);

        // The attack works on whoever remembers the text: another text, and the signature holds.
        Assert.NotEqual(token, again);
        Assert.True(world.Another().Verify(again, []).IsAccepted);

        Assert.True(world.Verify(token).IsAccepted);
        Assert.Equal(SubjectRefusal.Replayed, world.Verify(again).Refusal);
    }

    [Fact]
    public void A_full_memory_takes_no_more_until_something_expires()
    {
        using SubjectWorld world = new(remembered: 3);
        for (int i = 0; i < 3; i++) Assert.True(world.Verify(world.Forge.Sign(world.Claims($"t{i}"))).IsAccepted);

        string last = world.Forge.Sign(world.Claims("last", lives: 600));
        Assert.Equal(SubjectRefusal.MemoryFull, world.Verify(last).Refusal);

        world.Time.Pass(TimeSpan.FromSeconds(330)); // the lives of the first three, and the leeway
        Assert.True(world.Verify(last).IsAccepted);
    }

    [Fact]
    public void It_is_remembered_exactly_as_long_as_it_could_be_used()
    {
        using SubjectWorld world = new();
        string token = world.Forge.Sign(world.Claims());
        Assert.True(world.Verify(token).IsAccepted);

        world.Time.Pass(TimeSpan.FromSeconds(329));
        Assert.Equal(SubjectRefusal.Replayed, world.Verify(token).Refusal);
        world.Time.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(SubjectRefusal.Expired, world.Verify(token).Refusal);
    }

    [Fact]
    public void A_clock_that_is_set_back_brings_none_back()
    {
        using SubjectWorld world = new();
        string token = world.Forge.Sign(world.Claims());
        Assert.True(world.Verify(token).IsAccepted);

        world.Time.SetClock(TimeSpan.FromHours(2));
        Assert.True(world.Verify(world.Forge.Sign(world.Claims("later"))).IsAccepted); // what is over is forgotten
        world.Time.SetClock(TimeSpan.FromHours(-2));

        Assert.True(world.Another().Verify(token, []).IsAccepted); // who merely forgets takes it again
        Assert.Equal(SubjectRefusal.Expired, world.Verify(token).Refusal);
    }

    [Fact]
    public void What_was_spent_before_a_restart_can_be_restored_from_a_record()
    {
        using SubjectWorld world = new();
        string token = world.Forge.Sign(world.Claims());
        SpentAssertion spent = world.Verify(token).Subject!.Spent;

        SubjectVerifier restarted = world.Another();
        restarted.Restore(spent);
        restarted.Restore(spent with { Issuer = "https://no-longer.example.org" });

        Assert.Equal(SubjectRefusal.Replayed, restarted.Verify(token, []).Refusal);
        Assert.True(world.Another().Verify(token, []).IsAccepted);
    }

    /// <summary>(r, n − s) is as good a signature as (r, s), and needs no key.</summary>
    private static string OtherSignature(string token)
    {
        int dot = token.LastIndexOf('.');
        byte[] signature = Base64Url.DecodeFromChars(token.AsSpan(dot + 1));
        BigInteger other = Order - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true);
        byte[] s = other.ToByteArray(isUnsigned: true, isBigEndian: true);
        signature.AsSpan(32).Clear();
        s.CopyTo(signature.AsSpan(64 - s.Length));
        return $"{token[..dot]}.{Base64Url.EncodeToString(signature)}";
    }
}
