using Spiffe.Agent.Issuance;

namespace Spiffe.Agent.Tests.Unit.Issuance;

public sealed class MemoryTrimTests
{
    private int _collected;

    [Fact]
    public void What_the_start_needed_is_given_back_once()
    {
        MemoryTrim trim = new(() => _collected++);
        for (int i = 0; i < 10; i++) trim.OnBeat(0);
        Assert.Equal(1, _collected);
    }

    [Fact]
    public void Memory_is_given_back_once_after_a_crowd_has_left()
    {
        MemoryTrim trim = Started();
        foreach (int open in (int[])[0, 5000, 5000, 3000, 0, 0, 0, 0]) trim.OnBeat(open);
        Assert.Equal(1, _collected);
    }

    [Fact]
    public void While_streams_come_and_go_nothing_pauses()
    {
        MemoryTrim trim = Started();
        for (int i = 0; i < 100; i++) trim.OnBeat(i % 2 == 0 ? 5000 : 4000);
        Assert.Equal(0, _collected);
    }

    [Fact]
    public void Crowds_that_come_and_go_all_day_cause_a_pause_in_ten_beats_at_most()
    {
        MemoryTrim trim = Started();
        int beats = 0;
        for (int crowd = 0; crowd < 50; crowd++)
        {
            foreach (int open in (int[])[5000, 0, 0, 0])
            {
                trim.OnBeat(open);
                beats++;
            }
        }

        Assert.InRange(_collected, 1, beats / MemoryTrim.Rest);
    }

    [Fact]
    public void A_few_streams_are_not_worth_a_pause()
    {
        MemoryTrim trim = Started();
        foreach (int open in (int[])[MemoryTrim.Crowd - 1, MemoryTrim.Crowd - 1, 0, 0, 0]) trim.OnBeat(open);
        Assert.Equal(0, _collected);
    }

    private MemoryTrim Started()
    {
        MemoryTrim trim = new(() => _collected++);
        for (int i = 0; i <= MemoryTrim.Rest; i++) trim.OnBeat(0);
        _collected = 0;
        return trim;
    }
}
