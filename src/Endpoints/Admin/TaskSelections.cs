using System.Collections.Immutable;
using Spiffe.Agent.Endpoints.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Rpc;
using Wire = Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Endpoints.Admin;

/// <summary>Which tasks an operator means, from the wire.</summary>
internal static class TaskSelections
{
    /// <exception cref="RpcException">InvalidArgument: something is too long.</exception>
    public static TaskSelection Of(Wire.TaskSelection? selection) => selection is null ? new TaskSelection() : new TaskSelection
    {
        TaskId = TaskLimits.Bounded(selection.TaskId, "task_id"),
        Subtree = TaskLimits.Bounded(selection.Subtree, "subtree"),
        Template = TaskLimits.Bounded(selection.Template, "template"),
        Owner = TaskLimits.Bounded(selection.Owner, "owner"),
        Ticket = TaskLimits.Bounded(selection.Ticket, "ticket"),
        Executable = TaskLimits.Bounded(selection.Executable, "executable", TaskLimits.MaxText),
        Subject = TaskLimits.Bounded(selection.Subject, "subject", TaskLimits.MaxText),
        Labels = TaskLimits.Bounded(selection.Labels, "labels").ToImmutableSortedDictionary(StringComparer.Ordinal),
        All = selection.All,
        Reason = Reason(selection.Reason),
    };

    /// <summary>For a change: one that says nothing is a mistake, never everything.</summary>
    /// <exception cref="RpcException">InvalidArgument: it says nothing, or something is too long.</exception>
    public static TaskSelection Some(Wire.TaskSelection? selection) =>
        Of(selection) is { SaysAnything: true } said ? said : throw TaskLimits.Invalid("selection: say which tasks, or all");

    public static string Id(string id) => TaskLimits.Bounded(id, "id");

    public static string Reason(string reason) => TaskLimits.Bounded(reason, "reason", TaskLimits.MaxText);
}
