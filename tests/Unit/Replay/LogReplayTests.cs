using System.Text;
using System.Text.Json.Nodes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Replay;
using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Replay.Tasks;

namespace Spiffe.Agent.Tests.Unit.Replay;

/// <summary>Rules that the engine's own logs seldom touch: what is excused, what is forgotten, and what is not.</summary>
public sealed class LogReplayTests
{
    private readonly WrittenLog _log = new();
    private readonly string _id = WrittenLog.NewId();

    [Fact]
    public void Credential_that_was_revoked_before_it_was_written_down_is_remarked_and_may_not_be_used()
    {
        _log.Started(_id).Task(RecordTypes.TaskRevoked, _id, ("credentials", new JsonArray("jwt c"))).Issued(_id, "c");
        _log.Task(RecordTypes.TaskUsed, _id, ("credential_kind", "jwt"), ("credential", "c"), ("trigger", "shown")).Ended(_id);

        ReplaySummary summary = _log.Complete();

        Assert.Equal(ReplayRule.DeadOnArrival, Assert.Single(summary.Remarks).Rule);
        Assert.Equal(ReplayRule.DeadCredential, Assert.Single(summary.Violations).Rule);
    }

    [Fact]
    public void Issued_behind_the_end_is_excused_only_where_it_was_revoked_before()
    {
        _log.Started(_id).Task(RecordTypes.TaskRevoked, _id, ("credentials", new JsonArray("jwt dead")), ("state", "COMPLETED")).Ended(_id);
        _log.Issued(_id, "dead", ("state", "COMPLETED")).Issued(_id, "alive", ("state", "COMPLETED"));

        Assert.Contains("jwt alive", Assert.Single(_log.Complete().Violations).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void End_of_a_task_whose_start_could_not_be_written_down_is_remarked()
    {
        Assert.Equal(ReplayRule.NeverBegan, Assert.Single(_log.Ended(_id).Complete().Remarks).Rule);
    }

    [Fact]
    public void Task_id_is_known_again_when_the_task_is_long_forgotten()
    {
        _log.Started(_id).Issued(_id, "c").Task(RecordTypes.TaskRevoked, _id, ("credentials", new JsonArray("jwt c")), ("state", "COMPLETED")).Ended(_id);
        Pass(2_000);
        _log.Task(RecordTypes.TaskMisused, _id, ("credential_kind", "jwt"), ("credential", "c"), ("state", "COMPLETED"));
        Assert.Equal(ReplayRule.TaskIdReused, Assert.Single(_log.Started(_id).Complete().Violations).Rule);
    }

    [Fact]
    public void Clock_that_was_set_back_explains_the_times_and_moves_the_deadlines()
    {
        _log.Started(_id);
        _log.Now = _log.Now.AddHours(-3);
        _log.Say(RecordTypes.ClockAnomaly, ("milliseconds", -3 * 3_600_000));
        ReplaySummary summary = _log.Issued(_id, "c", ("expires_at", WrittenLog.Text(_log.Now.AddHours(-2)))).Complete();
        Assert.Equal([ReplayRule.WrongExpiry], summary.Violations.Select(finding => finding.Rule)); // Expired when it was issued; and that is all.
    }

    [Fact]
    public void Clock_that_was_set_ahead_does_not_let_a_credential_outlive_its_task()
    {
        _log.Started(_id).Say(RecordTypes.ClockAnomaly, ("milliseconds", 3_600_000));
        _log.Issued(_id, "within", ("expires_at", WrittenLog.Text(_log.Now.AddMinutes(119)))).Issued(_id, "behind", ("expires_at", WrittenLog.Text(_log.Now.AddMinutes(121))));

        Assert.Contains("jwt behind", Assert.Single(_log.Complete().Violations).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Time_that_goes_back_is_a_violation_unless_a_set_clock_is_admitted_in_time()
    {
        _log.Say(RecordTypes.InventoryTaken);
        _log.Now = _log.Now.AddSeconds(-60);
        _log.Say(RecordTypes.InventoryTaken);
        _log.Now = _log.Now.AddSeconds(30);
        _log.Say(RecordTypes.InventoryTaken).Say(RecordTypes.ClockAnomaly, ("milliseconds", -60_000));

        Assert.Equal((ReplayRule.TimeWentBack, 1L), (Assert.Single(_log.Complete().Violations) is var found ? found.Rule : default, found.Seq));
    }

    [Fact]
    public void Erased_questions_leave_names_and_counts_to_be_judged()
    {
        _log.Started(_id);
        for (int i = 0; i < 4; i++) Permit("read", $"t{i}");
        Permit("write", "t4");

        Assert.Equal([ReplayRule.TooManyUses, ReplayRule.NotGranted], _log.Complete().Violations.Select(finding => finding.Rule));
    }

    [Fact]
    public void Policies_that_were_replaced_count_for_what_was_on_its_way_and_no_longer()
    {
        _log.Say(RecordTypes.PoliciesLoaded, ("policy", "builtin")).Say(RecordTypes.PoliciesLoaded, ("policy", "sha256:gone"), ("sources", new JsonArray("a")));
        _log.Started(WrittenLog.NewId());
        _log.Now = _log.Now.AddMinutes(2);
        _log.Started(WrittenLog.NewId());

        Assert.Equal([ReplayRule.PolicyChanged, ReplayRule.WrongPolicies], _log.Complete().Violations.Select(finding => finding.Rule));
    }

    [Fact]
    public void Log_that_is_cut_says_nothing_of_what_began_before_and_everything_of_the_next_run()
    {
        _log.Seq = 512;
        _log.Issued(_id, "c").Say(RecordTypes.DaemonStopped).Say(RecordTypes.DaemonStarted).Issued(WrittenLog.NewId(), "d");
        ReplaySummary summary = _log.Complete();

        Assert.Equal(ReplayRule.UnknownTask, Assert.Single(summary.Violations).Rule);
        Assert.Equal(2, summary.NotJudged);
    }

    [Fact]
    public void Findings_are_all_counted_and_the_first_are_kept()
    {
        for (int i = 0; i < 50; i++) _log.Say(RecordTypes.TaskIssued);
        ReplaySummary summary = _log.Complete();

        Assert.Equal((50L, 10), (summary.ViolationCount, summary.Violations.Length));
    }

    [Fact]
    public void Chain_of_tasks_deeper_than_any_template_allows_is_not_followed()
    {
        string root = _id, above = _id;
        _log.Started(_id);
        for (int i = 0; i < 200; i++)
        {
            string id = WrittenLog.NewId();
            _log.Started(id, WrittenLog.Grants, ("parent", above), ("root", root), ("deadline", WrittenLog.Text(_log.Now.AddMinutes(30))));
            above = id;
        }

        ReplaySummary summary = _log.Complete();
        Assert.Equal(ReplayLimits.MaxDepth + 1, summary.Tasks);
        Assert.Equal(ReplayRule.TooMuch, summary.Remarks[0].Rule);
    }

    /// <summary>Logs of before 2026-11-22 have an entry for the token beside that of the permission.</summary>
    [Fact]
    public void Token_that_was_issued_on_its_own_is_of_use_only_once_its_action_is_permitted()
    {
        void Issue(string token) => _log.Issued(_id, token, ("credential_kind", "action_token"), ("expires_at", WrittenLog.Text(_log.Now.AddSeconds(61))));
        void Spend(string token) => _log.Task(RecordTypes.TaskUsed, _id, ("credential_kind", "action_token"), ("credential", token), ("trigger", "spent"));
        _log.Started(_id);
        Issue("first");
        Issue("second");
        Permit("read", "second");
        Spend("first");
        Spend("second");
        _log.Ended(_id);

        ReplayFinding broken = Assert.Single(_log.Complete().Violations);
        Assert.Equal(ReplayRule.NotPermitted, broken.Rule);
        Assert.Contains("first", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_are_read_as_tasks_have_them_and_in_no_other_way()
    {
        Assert.All(Enumerable.Range(0, 200), _ =>
        {
            string id = WrittenLog.NewId(), other = WrittenLog.NewId();
            Assert.True(TaskKey.TryParse(Encoding.UTF8.GetBytes(id), out TaskKey key));
            Assert.True(TaskKey.TryParse(Encoding.UTF8.GetBytes(other), out TaskKey another));
            Assert.NotEqual(key, another);
        });
        foreach (string wrong in (string[])["", "a", new string('a', 25), new string('a', 25) + "b", new string('A', 26), new string('a', 27), new string('1', 26)]) Assert.False(TaskKey.TryParse(Encoding.UTF8.GetBytes(wrong), out _), wrong);
    }

    private void Permit(string action, string token) => _log.Task(
        RecordTypes.TaskPermitted, _id, ("action", action), ("audience", "api"), ("credential_kind", "action_token"), ("credential", token), ("expires_at", WrittenLog.Text(_log.Now.AddMinutes(1))), ("verdict", "permit"), ("input_s256", "q"));

    private void Pass(int entries)
    {
        for (int i = 0; i < entries; i++) _log.Say(RecordTypes.InventoryTaken);
    }
}
