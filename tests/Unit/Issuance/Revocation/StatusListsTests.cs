using System.Text;
using System.Text.Json;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Unit.Issuance.Revocation;

/// <summary>Places in status lists: nobody can tell who was minted next to whom, and no two living tokens share one.</summary>
public sealed class StatusListsTests
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(2);

    private readonly ManualTime _time = new();
    private readonly StatusLists _lists;

    public StatusListsTests() => _lists = new StatusLists("https://node.example.org/status", Rest, _time);

    [Fact]
    public void Places_come_in_no_order()
    {
        int[] drawn = [.. Enumerable.Range(0, 100).Select(_ => _lists.Reserve()!.Value.Index)];

        Assert.Equal(drawn.Length, drawn.Distinct().Count());
        Assert.NotEqual(drawn.Order(), drawn);
        Assert.True(drawn.Max() - drawn.Min() > StatusList.Capacity / 2, "a hundred places lie close together");
    }

    [Fact]
    public void Every_place_of_a_list_is_used_once_and_then_there_is_another_list()
    {
        StatusIndex[] all = [.. Enumerable.Range(0, StatusList.Capacity + 1).Select(_ => _lists.Reserve()!.Value)];

        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(2, _lists.Numbers.Count);
        Assert.Equal(_lists.Numbers[0] + 1, all[^1].List);
    }

    [Fact]
    public void When_all_lists_are_full_there_is_no_place()
    {
        StatusLists two = new("https://node.example.org/status", Rest, _time, maxLists: 2);
        for (int i = 0; i < StatusList.Capacity * 2; i++) Assert.NotNull(two.Reserve());
        Assert.Null(two.Reserve());
    }

    [Fact]
    public void A_place_is_not_given_away_while_its_token_lives_or_lists_speak_of_it()
    {
        StatusIndex dead = Take();
        _lists.Set(dead, CredentialStatus.Revoked);
        HashSet<StatusIndex> others = [.. Enumerable.Range(0, StatusList.Capacity - 1).Select(_ => Take())];
        Assert.DoesNotContain(dead, others);
        Assert.NotEqual(dead.List, _lists.Reserve()!.Value.List); // Full but for the dead one's place.

        _lists.Release(dead);
        Assert.NotEqual(dead.List, _lists.Reserve()!.Value.List);
        _time.Pass(Rest - TimeSpan.FromTicks(1));
        Assert.NotEqual(dead.List, _lists.Reserve()!.Value.List);
        _time.Pass(TimeSpan.FromTicks(1));
        Assert.Equal(dead, _lists.Reserve());
    }

    [Fact]
    public void A_place_that_was_released_says_nothing()
    {
        StatusIndex place = Take();
        _lists.Set(place, CredentialStatus.Suspended);
        Assert.Equal(2, At(place));
        _lists.Release(place);
        Assert.Equal(0, At(place));
    }

    [Fact]
    public void A_place_is_released_once()
    {
        StatusIndex place = Take();
        _lists.Release(place);
        Assert.Throws<InvalidOperationException>(() => _lists.Release(place));
    }

    [Fact]
    public void A_place_that_nobody_reserved_cannot_be_taken()
    {
        StatusIndex place = Take();
        Assert.False(_lists.TryTake(place));
        Assert.False(_lists.TryTake(place with { List = place.List + 1 }));
        Assert.False(_lists.TryTake(place with { Index = -1 }));
        Assert.False(_lists.TryTake(place with { Index = StatusList.Capacity }));
        Assert.False(_lists.TryReturn(place));
    }

    [Fact]
    public void A_reservation_that_was_forgotten_comes_back_and_cannot_be_used_any_more()
    {
        StatusIndex forgotten = _lists.Reserve()!.Value;
        _time.Pass(StatusLists.MaxReservation);
        StatusIndex other = _lists.Reserve()!.Value;

        Assert.False(_lists.TryTake(forgotten));
        Assert.True(_lists.TryTake(other));
        _time.Pass(Rest);
        for (int i = 0; i < StatusList.Capacity - 1; i++) Assert.Equal(forgotten.List, _lists.Reserve()!.Value.List); // All but the one that is taken.
    }

    [Fact]
    public void Lists_of_another_run_have_other_numbers()
    {
        StatusLists next = new("https://node.example.org/status", Rest, _time);
        Assert.Empty(next.Numbers.Intersect(_lists.Numbers));
        Assert.Null(next.Read(_lists.Numbers[0]));
    }

    [Fact]
    public void A_token_says_where_it_stands()
    {
        StatusIndex place = new(_lists.Numbers[0], 4711);
        using JsonDocument claim = JsonDocument.Parse(_lists.ClaimFor(place));
        JsonElement reference = claim.RootElement.GetProperty("status_list");

        Assert.Equal(4711, reference.GetProperty("idx").GetInt32());
        Assert.Equal($"https://node.example.org/status/{place.List}", reference.GetProperty("uri").GetString());
        Assert.Equal($$$"""{"status_list":{"idx":4711,"uri":"https://node.example.org/status/{{{place.List}}}"}}""", Encoding.UTF8.GetString(_lists.ClaimFor(place)));
    }

    [Fact]
    public void The_ledger_writes_what_it_knows_into_the_list()
    {
        LedgerBench bench = new();
        StatusLists lists = bench.Ledger.StatusLists!;
        StatusIndex place = bench.Ledger.ReserveStatus()!.Value;
        bench.Enter(status: place);

        Assert.Equal(0, At(lists, place));
        bench.Ledger.RevokeTask(LedgerBench.Task, 0, RevocationReason.Suspended);
        Assert.Equal(2, At(lists, place));
        bench.Ledger.EndTasks([LedgerBench.Task], RevocationReason.Failed);
        Assert.Equal(1, At(lists, place));
        bench.Time.Pass(TimeSpan.FromMinutes(5));
        bench.Ledger.Sweep();
        Assert.Equal(0, At(lists, place));
    }

    [Fact]
    public void A_token_that_the_ledger_refused_leaves_no_place_behind()
    {
        LedgerBench bench = new();
        StatusIndex place = bench.Ledger.ReserveStatus()!.Value;
        Assert.Equal(LedgerRefusal.TaskNotOpen, bench.Ledger.Issued(bench.New(task: LedgerBench.Child, status: place)));
        Assert.Throws<ArgumentException>(() => bench.Ledger.Issued(bench.New(status: place)));
    }

    [Fact]
    public void Two_tokens_cannot_be_entered_with_one_place()
    {
        LedgerBench bench = new();
        StatusIndex place = bench.Ledger.ReserveStatus()!.Value;
        bench.Enter(status: place);
        CredentialRecord second = bench.New(status: place);

        Assert.Throws<ArgumentException>(() => bench.Ledger.Issued(second));
        Assert.Equal(CredentialStatus.Unknown, bench.StatusOf(second));
    }

    private StatusIndex Take()
    {
        StatusIndex place = _lists.Reserve()!.Value;
        Assert.True(_lists.TryTake(place));
        return place;
    }

    private int At(StatusIndex place) => At(_lists, place);

    private static int At(StatusLists lists, StatusIndex place) => Spiffe.Agent.Authority.Revocation.StatusBits.Get(lists.Read(place.List)!.Value.Statuses, place.Index);
}
