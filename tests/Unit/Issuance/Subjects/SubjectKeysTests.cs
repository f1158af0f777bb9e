using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Tests.TestKit.Identity;

namespace Spiffe.Agent.Tests.Unit.Issuance.Subjects;

/// <summary>Issuers rotate their keys while the daemon runs.</summary>
public sealed class SubjectKeysTests : IDisposable
{
    private readonly AssertionForge _second = new(keyId: "k2");
    private int _asked;
    private SubjectKeyChange? _change;

    public void Dispose() => _second.Dispose();

    [Fact]
    public void New_keys_count_within_a_second_and_the_old_ones_no_more()
    {
        using SubjectWorld world = Rotating();
        Assert.True(world.Verify(world.Forge.Sign(world.Claims("1"))).IsAccepted);

        _change = new SubjectKeyChange([_second.PublicKey], null);
        Assert.Equal(SubjectRefusal.KeyUnknown, world.Verify(_second.Sign(world.Claims("2"))).Refusal);
        world.Time.Pass(TimeSpan.FromSeconds(1));

        Assert.True(world.Verify(_second.Sign(world.Claims("3"))).IsAccepted);
        Assert.Equal(SubjectRefusal.KeyUnknown, world.Verify(world.Forge.Sign(world.Claims("4"))).Refusal);
    }

    [Fact]
    public void Keys_that_cannot_be_used_leave_the_old_ones()
    {
        using SubjectWorld world = Rotating();
        _change = new SubjectKeyChange([], "is no key set");

        Assert.True(world.Verify(world.Forge.Sign(world.Claims("1"))).IsAccepted);
    }

    [Fact]
    public void However_many_ask_it_is_looked_once_a_second()
    {
        using SubjectWorld world = Rotating();
        for (int i = 0; i < 50; i++) world.Verify(world.Forge.Sign(world.Claims($"{i}")));

        Assert.Equal(1, _asked);
        world.Time.Pass(TimeSpan.FromSeconds(1));
        world.Verify(world.Forge.Sign(world.Claims("last")));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public void An_assertion_that_is_refused_for_less_makes_nobody_look()
    {
        using SubjectWorld world = Rotating();
        world.Verify(world.Forge.Sign(world.Claims(audience: "\"other\"")));

        Assert.Equal(0, _asked);
    }

    private SubjectWorld Rotating() => new(change: issuer => issuer with
    {
        Changes = () =>
        {
            _asked++;
            SubjectKeyChange? change = _change;
            _change = null;
            return change;
        },
    });
}
