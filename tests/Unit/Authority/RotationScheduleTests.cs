using Spiffe.Agent.Authority.Rotation;

namespace Spiffe.Agent.Tests.Unit.Authority;

public class RotationScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    // Hours since the active key of 24 h began; the prepared key begins at `prepared`, if there is one.
    [Theory]
    [InlineData(0, null, "None")]
    [InlineData(11.99, null, "None")]
    [InlineData(12, null, "Prepare")]
    [InlineData(12.1, 12.0, "None")]
    [InlineData(19.99, 12.0, "None")]
    [InlineData(20, 12.0, "Activate")]
    [InlineData(23.5, 12.0, "Activate")]
    [InlineData(22, null, "Prepare")] // jumped over the first point: published first …
    [InlineData(22.5, 22.0, "None")] // … for an hour …
    [InlineData(23, 22.0, "Activate")] // … then used
    [InlineData(23, 22.9, "Activate")] // but never later than an hour before the end
    [InlineData(24, null, "Replace")]
    [InlineData(100, null, "Replace")]
    [InlineData(24.1, 12.0, "Activate")] // expired, and a published key is waiting
    [InlineData(36.1, 12.0, "Replace")] // both expired
    [InlineData(-0.1, null, "Replace")] // the clock was set back: the key is from the future
    [InlineData(-5, 12.0, "Replace")]
    [InlineData(13, 14.0, "None")] // set back a little: the prepared key's time will come again
    public void Steps_follow_the_table(double hours, double? prepared, string step)
    {
        KeyPeriod active = new(Start, Start.AddHours(24));
        KeyPeriod? waiting = prepared is { } at ? new KeyPeriod(Start.AddHours(at), Start.AddHours(at + 24)) : null;
        Assert.Equal(step, RotationSchedule.Next(Start.AddHours(hours), active, waiting).ToString());
    }

    [Fact]
    public void Leads_are_capped_for_long_lives()
    {
        KeyPeriod year = new(Start, Start.AddDays(360));
        Assert.Equal(Start.AddDays(330), RotationSchedule.NextChange(year, null));
        Assert.Equal(Start.AddDays(353), RotationSchedule.NextChange(year, new KeyPeriod(Start.AddDays(330), Start.AddDays(690))));
    }

    [Fact]
    public void At_the_next_change_something_is_due_and_a_moment_before_nothing()
    {
        KeyPeriod active = new(Start, Start.AddHours(24));
        KeyPeriod prepared = new(Start.AddHours(12), Start.AddHours(36));
        foreach (KeyPeriod? waiting in new KeyPeriod?[] { null, prepared })
        {
            DateTimeOffset next = RotationSchedule.NextChange(active, waiting);
            Assert.Equal(RotationStep.None, RotationSchedule.Next(next.AddTicks(-1), active, waiting));
            Assert.NotEqual(RotationStep.None, RotationSchedule.Next(next, active, waiting));
        }
    }
}
