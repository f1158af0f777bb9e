using System.Text;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Tests.Unit.Tasks.Lifecycle;

/// <summary>The life of a task as a table: what is here is what the code does, every pair of it.</summary>
public sealed class TaskTransitionsTests
{
    /// <summary>Columns: what follows in PENDING_APPROVAL, ACTIVE and SUSPENDED; "-" is refused. In the five final states everything is.</summary>
    private const string Table = """
        Approve              ACTIVE           -                -
        Deny                 DENIED           -                -
        ApprovalTimedOut     EXPIRED          -                -
        Suspend              -                SUSPENDED        SUSPENDED
        IntentLeft           REVOKED          SUSPENDED        SUSPENDED
        EvidenceChanged      REVOKED          SUSPENDED        SUSPENDED
        ReattestOverdue      REVOKED          SUSPENDED        SUSPENDED
        Resume               -                -                ACTIVE
        Complete             -                COMPLETED        COMPLETED
        Fail                 FAILED           FAILED           FAILED
        ExitedComplete       FAILED           COMPLETED        COMPLETED
        ExitedFailed         FAILED           FAILED           FAILED
        LeaseExpired         EXPIRED          EXPIRED          EXPIRED
        IdleExpired          -                EXPIRED          -
        ActiveExpired        -                EXPIRED          -
        DeadlineReached      EXPIRED          EXPIRED          EXPIRED
        Revoke               REVOKED          REVOKED          REVOKED
        Contain              REVOKED          REVOKED          REVOKED
        ParentEnded          REVOKED          REVOKED          REVOKED
        PolicyDenies         REVOKED          REVOKED          REVOKED
        TemplateRetired      REVOKED          REVOKED          REVOKED
        EndConditionMet      FAILED           COMPLETED        COMPLETED
        EndConditionAborted  REVOKED          REVOKED          REVOKED
        Narrow               PENDING_APPROVAL ACTIVE           SUSPENDED
        Renew                -                ACTIVE           -
        IntentChanged        -                ACTIVE           -
        Use                  -                ACTIVE           -
        """;

    private static readonly TaskState[] Live = [TaskState.PendingApproval, TaskState.Active, TaskState.Suspended];

    [Fact]
    public void The_table_is_what_the_code_does() => Assert.Equal(Table.ReplaceLineEndings("\n"), Printed());

    [Fact]
    public void A_final_state_refuses_everything()
    {
        foreach (TaskState state in TaskStates.All.Where(state => state.IsTerminal()))
        {
            Assert.All(TaskTransitions.Triggers, trigger => Assert.Null(TaskTransitions.Next(state, trigger)));
        }

        Assert.Equal(5, TaskStates.All.Count(state => state.IsTerminal()));
    }

    [Fact]
    public void Deadline_operator_parent_and_policy_end_every_task_that_lives()
    {
        TaskTrigger[] always = [TaskTrigger.DeadlineReached, TaskTrigger.LeaseExpired, TaskTrigger.Revoke, TaskTrigger.Contain, TaskTrigger.ParentEnded, TaskTrigger.PolicyDenies, TaskTrigger.TemplateRetired, TaskTrigger.ExitedFailed];

        Assert.All(Live, state => Assert.All(always, trigger => Assert.True(TaskTransitions.Next(state, trigger)!.Value.IsTerminal())));
    }

    [Fact]
    public void Only_an_approval_or_resuming_leads_into_the_state_that_has_credentials()
    {
        Assert.All(TaskTransitions.Triggers.Where(trigger => trigger != TaskTrigger.Approve), trigger => Assert.NotEqual(TaskState.Active, TaskTransitions.Next(TaskState.PendingApproval, trigger)));
        Assert.All(TaskTransitions.Triggers.Where(trigger => trigger != TaskTrigger.Resume), trigger => Assert.NotEqual(TaskState.Active, TaskTransitions.Next(TaskState.Suspended, trigger)));
        Assert.Equal([TaskState.Active], TaskStates.All.Where(state => state.HasCredentials()));
    }

    [Fact]
    public void Narrowing_and_resuming_begin_a_generation_and_nothing_else_does()
    {
        var raising = from state in TaskStates.All from trigger in TaskTransitions.Triggers where TaskTransitions.RaisesGeneration(state, trigger) select (state, trigger);

        Assert.Equal(
            [
                (TaskState.PendingApproval, TaskTrigger.Narrow), (TaskState.Active, TaskTrigger.Narrow),
                (TaskState.Suspended, TaskTrigger.Resume), (TaskState.Suspended, TaskTrigger.Narrow),
            ],
            raising);
    }

    [Fact]
    public void A_task_begins_at_work_or_waiting_and_every_state_has_a_name_of_its_own()
    {
        Assert.Equal(TaskState.Active, TaskTransitions.Begin(needsApproval: false));
        Assert.Equal(TaskState.PendingApproval, TaskTransitions.Begin(needsApproval: true));
        Assert.Equal(TaskStates.All.Count, TaskStates.All.Select(state => state.NameOf()).Distinct(StringComparer.Ordinal).Count());
    }

    private static string Printed()
    {
        StringBuilder table = new();
        foreach (TaskTrigger trigger in TaskTransitions.Triggers)
        {
            if (table.Length > 0) table.Append('\n');
            string[] cells = [.. Live.Select(state => TaskTransitions.Next(state, trigger)?.NameOf() ?? "-")];
            table.Append($"{trigger,-21}{cells[0],-17}{cells[1],-17}{cells[2]}");
        }

        return table.ToString();
    }
}
