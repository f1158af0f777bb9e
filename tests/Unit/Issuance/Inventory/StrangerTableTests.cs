using System.Globalization;
using Spiffe.Agent.Issuance.Inventory;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Unit.Issuance.Inventory;

/// <summary>Whoever floods the list of strangers is seen to do so, and erases nobody.</summary>
public sealed class StrangerTableTests
{
    private const int Flood = 10 * StrangerTable.MaxRows;

    private readonly ManualTime _time = new();

    [Fact]
    public void Calls_of_one_program_of_one_user_for_one_reason_are_one_row()
    {
        StrangerTable table = new(_time);
        DateTimeOffset first = _time.GetUtcNow();
        table.Seen(1001, "/usr/bin/agent", "NoIdentity", isAttested: true);
        _time.Pass(TimeSpan.FromMinutes(5));
        table.Seen(1001, "/usr/bin/agent", "NoIdentity", isAttested: true);
        table.Seen(1001, "/usr/bin/agent", "TemplateNotForCaller", isAttested: true);
        StrangerList list = table.List();
        Assert.Equal(2, list.Rows.Length);
        Stranger row = list.Rows.Single(r => r.Reason == "NoIdentity");
        Assert.Equal((1001u, "/usr/bin/agent", true, 2L, first, first.AddMinutes(5)), (row.UserId, row.Executable, row.IsAttested, row.Calls, row.FirstSeen, row.LastSeen));
    }

    [Fact]
    public void A_table_that_forgets_the_oldest_is_washed_clean_by_a_flood_and_ours_is_not()
    {
        Queue<string> naive = new(["/opt/shadow"]);
        StrangerTable table = new(_time);
        table.Seen(7, "/opt/shadow", "NoIdentity", isAttested: true);
        for (uint i = 0; i < Flood; i++)
        {
            string program = string.Create(CultureInfo.InvariantCulture, $"/tmp/{i}");
            naive.Enqueue(program);
            if (naive.Count > StrangerTable.MaxRows) naive.Dequeue();
            table.Seen(100_000 + i, program, "NoIdentity", isAttested: true); // As many users as a user namespace has.
        }

        Assert.DoesNotContain("/opt/shadow", naive);
        StrangerList list = table.List();
        Assert.Contains(list.Rows, row => row.Executable == "/opt/shadow");
        Assert.Equal(StrangerTable.MaxRows, list.Rows.Length);
        Assert.Equal(Flood + 1 - StrangerTable.MaxRows, list.Unlisted); // What found no room is counted.
        Assert.Equal(0, list.Forgotten);
    }

    [Fact]
    public void One_user_with_many_programs_has_a_share_and_leaves_the_rest_to_others()
    {
        StrangerTable table = new(_time);
        for (int i = 0; i < Flood; i++) table.Seen(7, string.Create(CultureInfo.InvariantCulture, $"/tmp/{i}"), "NoIdentity", isAttested: true);
        table.Seen(8, "/opt/late", "NoIdentity", isAttested: true);
        StrangerList list = table.List();
        Assert.Equal(StrangerTable.MaxRowsPerUser + 1, list.Rows.Count(row => row.UserId == 7));
        Assert.Equal(Flood - StrangerTable.MaxRowsPerUser, list.Rows.Single(row => row.Executable == StrangerTable.OtherPrograms).Calls);
        Assert.Contains(list.Rows, row => row is { UserId: 8, Executable: "/opt/late" });
        Assert.Equal(0, list.Unlisted);
    }

    [Fact]
    public void A_full_list_makes_room_by_who_was_silent_for_a_day_and_says_so()
    {
        StrangerTable table = new(_time);
        for (uint i = 0; i < StrangerTable.MaxRows; i++) table.Seen(i, "/bin/x", "NoIdentity", isAttested: true);
        _time.Pass(StrangerTable.Stale - TimeSpan.FromHours(1));
        table.Seen(0, "/bin/x", "NoIdentity", isAttested: true);
        table.Seen(5_000, "/bin/new", "NoIdentity", isAttested: true);
        Assert.Equal(1, table.List().Unlisted);

        _time.Pass(TimeSpan.FromHours(1));
        table.Seen(5_000, "/bin/new", "NoIdentity", isAttested: true);
        StrangerList list = table.List();
        Assert.Equal([0u, 5_000u], list.Rows.Select(row => row.UserId).Order()); // The one that called meanwhile stays.
        Assert.Equal(StrangerTable.MaxRows - 1, list.Forgotten);
    }

    [Fact]
    public void A_path_takes_no_more_room_than_there_is_and_keeps_its_end()
    {
        StrangerTable table = new(_time);
        table.Seen(1, string.Concat(Enumerable.Repeat("/long", 1000)) + "/agent", "NoIdentity", isAttested: true);
        Stranger row = Assert.Single(table.List().Rows);
        Assert.Equal(StrangerTable.MaxExecutable, row.Executable.Length);
        Assert.EndsWith("/agent", row.Executable, StringComparison.Ordinal);
    }
}
