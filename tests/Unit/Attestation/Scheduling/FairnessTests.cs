using Spiffe.Agent.Attestation.Scheduling;

namespace Spiffe.Agent.Tests.Unit.Attestation.Scheduling;

public sealed class FairnessTests
{
    [Fact]
    public void Users_take_turns_and_so_do_the_processes_of_each()
    {
        FairQueue<string> queue = new(10, 10, 100);
        foreach ((uint user, int process, string item) in new[] { (1u, 1, "a1"), (1u, 1, "a2"), (1u, 1, "a3"), (1u, 2, "b1"), (2u, 3, "c1"), (2u, 3, "c2") })
            Assert.True(queue.TryAdd(new Beneficiary(user, process), item));
        List<string> taken = [];
        while (queue.TryTake(static _ => true, out _, out string? item)) taken.Add(item);
        Assert.Equal(["a1", "c1", "b1", "c2", "a2", "a3"], taken);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void Room_is_bounded_for_a_process_a_user_and_all()
    {
        FairQueue<int> queue = new(2, 3, 4);
        Assert.True(queue.TryAdd(new Beneficiary(1, 1), 0));
        Assert.True(queue.TryAdd(new Beneficiary(1, 1), 0));
        Assert.False(queue.TryAdd(new Beneficiary(1, 1), 0)); // The process.
        Assert.True(queue.TryAdd(new Beneficiary(1, 2), 0));
        Assert.False(queue.TryAdd(new Beneficiary(1, 3), 0)); // The user.
        Assert.True(queue.TryAdd(new Beneficiary(2, 4), 0));
        Assert.False(queue.TryAdd(new Beneficiary(3, 5), 0)); // All.
    }

    [Fact]
    public void Who_may_not_be_served_now_does_not_hold_up_the_next()
    {
        FairQueue<int> queue = new(10, 10, 100);
        Assert.True(queue.TryAdd(new Beneficiary(1, 1), 11));
        Assert.True(queue.TryAdd(new Beneficiary(2, 2), 22));
        Assert.True(queue.TryTake(user => user != 1, out Beneficiary who, out int item));
        Assert.Equal((2u, 22), (who.UserId, item));
        Assert.False(queue.TryTake(user => user != 1, out _, out _));
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public async Task One_users_questions_leave_slots_for_others_and_are_asked_in_turn()
    {
        FairSlots slots = new(3, 2);
        Beneficiary one = new(1, 1), other = new(2, 2);
        Assert.True(await slots.TakeAsync(one, CancellationToken.None));
        Assert.True(await slots.TakeAsync(one, CancellationToken.None));
        Task<bool> third = slots.TakeAsync(one, CancellationToken.None).AsTask();
        Assert.False(third.IsCompleted);
        Assert.True(await slots.TakeAsync(other, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Task<bool> next = slots.TakeAsync(other, CancellationToken.None).AsTask();
        slots.Give(2);
        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(third.IsCompleted); // Its user has two still.
        slots.Give(1);
        Assert.True(await third.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Who_waits_no_more_takes_no_slot()
    {
        FairSlots slots = new(1, 1);
        Assert.True(await slots.TakeAsync(new Beneficiary(1, 1), CancellationToken.None));
        using CancellationTokenSource gone = new();
        Task<bool> cancelled = slots.TakeAsync(new Beneficiary(2, 2), gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        slots.Give(1);
        Assert.True(await slots.TakeAsync(new Beneficiary(3, 3), CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_flood_makes_its_own_user_forget_and_nobody_else()
    {
        FairCache<int, int> cache = new(100);
        for (int i = 0; i < 10; i++) cache.Set(i, i, 1);
        for (int i = 1000; i < 5000; i++) cache.Set(i, i, 2);
        Assert.Equal(100, cache.Count);
        for (int i = 0; i < 10; i++) Assert.True(cache.TryGet(i, out _));
        Assert.True(cache.TryGet(4999, out _));
        Assert.False(cache.TryGet(1000, out _));
    }
}
