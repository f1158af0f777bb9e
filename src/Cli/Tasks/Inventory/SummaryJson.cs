using System.Text.Json;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Tasks.Inventory;

/// <summary>Tasks for programs: docs/cli.md.</summary>
internal static class SummaryJson
{
    public static string Write(TaskSummary task) => JsonText.Object(onOneLine: false, json => Write(json, task));

    public static string Write(IReadOnlyList<TaskSummary> tasks, bool onOneLine) => JsonText.Object(onOneLine, json => json.WriteObjects("tasks", tasks, Write));

    public static void Write(Utf8JsonWriter json, TaskSummary task)
    {
        json.WriteString("task_id", task.TaskId);
        json.WriteString("spiffe_id", task.SpiffeId);
        json.WriteString("template", task.Template);
        json.WriteString("owner", task.Owner);
        json.WriteString("state", TaskWords.Name(task.State));
        json.WriteString("cause", TaskJson.Known(task.Cause));
        json.WriteString("goal", task.Goal);
        json.WriteString("ticket", TaskJson.Known(task.Ticket));
        json.WriteString("parent_task_id", TaskJson.Known(task.ParentTaskId));
        json.WriteString("correlation_id", TaskJson.Known(task.CorrelationId));
        json.WriteNumber("depth", task.Depth);
        json.WriteNumber("generation", task.Generation);
        TaskJson.WriteMoment(json, "started_at", task.StartedAt);
        TaskJson.WriteMoment(json, "lease_until", task.LeaseUntil);
        TaskJson.WriteMoment(json, "deadline", task.Deadline);
        TaskJson.WriteMoment(json, "ended_at", task.EndedAt);
        TaskJson.WriteMoment(json, "last_used_at", task.LastUsedAt);
        json.WriteString("bound_to", task.BoundTo);
        json.WriteNumber("process_id", task.ProcessId);
        json.WriteNumber("user_id", task.UserId);
        json.WriteString("subject", TaskJson.Known(task.Subject));
        json.WriteNumber("live_credentials", task.LiveCredentials);
        json.WriteNumber("uses", task.Uses);
        json.WriteNumber("refusals", task.Refusals);
        json.WriteBoolean("automatic", task.IsAutomatic);
        json.WriteString("offboarding", TaskJson.Known(TaskWords.Name(task.Offboarding)));
        TaskJson.WriteApproval(json, task.Approval);
        json.WriteStartObject("labels");
        foreach ((string key, string value) in task.Labels.OrderBy(l => l.Key, StringComparer.Ordinal)) json.WriteString(key, value);
        json.WriteEndObject();
    }
}
