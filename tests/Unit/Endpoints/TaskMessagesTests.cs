using Google.Protobuf;
using Google.Protobuf.Reflection;
using Spiffe.Agent.Endpoints.Admin;
using Spiffe.Agent.Endpoints.Tasks;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Tests.Unit.Endpoints;

/// <summary>What the engine knows of a task gets onto the wire, all of it.</summary>
public sealed class TaskMessagesTests
{
    [Fact]
    public void No_field_of_a_handle_is_forgotten() => Assert.Equal([], Unset(TaskMessages.Handle(TaskViews.Full)));

    [Fact]
    public void No_field_of_a_summary_is_forgotten() => Assert.Equal(["refusals"], Unset(TaskAdminMessages.Summary(TaskViews.Full)));

    [Fact]
    public void No_field_of_a_detail_is_forgotten() => Assert.Equal([], Unset(TaskAdminMessages.Detail(TaskViews.Full)));

    [Fact]
    public void No_field_of_a_receipt_is_forgotten() => Assert.Equal([], Unset(TaskMessages.Receipt(TaskViews.Full.Receipt!)));

    [Fact]
    public void No_field_of_a_decision_is_forgotten() => Assert.Equal([], Unset(TaskMessages.Decision(new ActionDecision
    {
        Outcome = ActionOutcome.NeedsApproval,
        Reason = ActionReason.ApprovalNeeded,
        Detail = "d",
        Token = "t",
        ExpiresAt = TaskViews.Now,
        Remaining = 2,
        DecisionId = "d-1",
        Approval = TaskViews.Full.Approval,
        TaskState = TaskState.Active,
    })));

    [Fact]
    public void No_field_of_an_event_is_forgotten() =>
        Assert.Equal([], Unset(TaskMessages.Event(new TaskEvent(1, TaskViews.Now, "used", TaskState.Active, 2, "d", TaskViews.Id, TaskViews.Parent, "d-1"))));

    [Fact]
    public void Every_state_has_its_own_on_the_wire()
    {
        Protocols.Tasks.TaskState[] states = [.. Enum.GetValues<TaskState>().Select(TaskMessages.State)];
        Assert.DoesNotContain(Protocols.Tasks.TaskState.Unspecified, states);
        Assert.Equal(states, states.Distinct());
        Assert.All(Enum.GetValues<TaskState>(), state => Assert.Equal(state.ToString(), TaskMessages.State(state).ToString()));
    }

    [Fact]
    public void Every_reason_to_withhold_an_action_has_a_name()
    {
        string[] names = [.. Enum.GetValues<ActionReason>().Where(reason => reason != ActionReason.None).Select(reason => TaskMessages.Decision(new ActionDecision { Outcome = ActionOutcome.Deny, Reason = reason }).Reason)];
        Assert.All(names, name => Assert.Matches("^[A-Z]+(_[A-Z]+)*$", name));
        Assert.Equal(names, names.Distinct());
    }

    [Fact]
    public void Uses_are_those_of_all_rights() => Assert.Equal(4, TaskAdminMessages.Summary(TaskViews.Full).Uses);

    private static IEnumerable<string> Unset(IMessage message) => message.Descriptor.Fields.InDeclarationOrder().Where(field => IsUnset(field, field.Accessor.GetValue(message))).Select(field => field.Name);

    private static bool IsUnset(FieldDescriptor field, object? value) => value switch
    {
        null => true,
        System.Collections.ICollection many => many.Count == 0,
        string text => text.Length == 0,
        ByteString bytes => bytes.IsEmpty,
        Enum one => Convert.ToInt32(one, System.Globalization.CultureInfo.InvariantCulture) == 0,
        bool flag => !flag,
        int or long or uint => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture) == 0,
        _ => field.FieldType == FieldType.Message && false,
    };
}
