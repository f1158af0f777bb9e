using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Tasks.Inventory;

/// <summary>One task for people: what it is, whose it is, what it hangs on, when it ends.</summary>
internal static class SummaryText
{
    public static string Write(TaskSummary task, DateTimeOffset now, bool isStyled)
    {
        TextPage page = new(isStyled);
        Write(page, task, now);
        return page.ToString();
    }

    public static void Write(TextPage page, TaskSummary task, DateTimeOffset now)
    {
        page.Heading($"task {task.TaskId}", TaskWords.Of(task.State, task.Cause));
        if (task.Approval is { } approval)
        {
            page.Field("waits for", $"approval {approval.Id}: {approval.Question}");
            if (approval.ExpiresAt is { } until) page.Field("", $"void {Moment.Relative(until.ToDateTimeOffset(), now)}");
        }

        Write(page, "SPIFFE ID", task.SpiffeId);
        page.Field("template", task.IsAutomatic ? $"{task.Template}, automatic" : task.Template);
        Write(page, "owner", task.Owner);
        Write(page, "subject", task.Subject);
        Write(page, "goal", task.Goal);
        Write(page, "ticket", task.Ticket);
        Write(page, "labels", string.Join(", ", task.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")));
        Write(page, "bound to", task.BoundTo);
        page.Field("user", task.UserId.ToString(CultureInfo.InvariantCulture));
        Write(page, "started", task.StartedAt, now);
        Write(page, "last used", task.LastUsedAt, now);
        if (task.EndedAt is not null) Write(page, "ended", task.EndedAt, now);
        else
        {
            Write(page, "lease until", task.LeaseUntil, now);
            Write(page, "deadline", task.Deadline, now);
        }

        string refused = task.Refusals > 0 ? $", {Moment.Count(task.Refusals, "refusal")}" : "";
        page.Field("so far", $"{Moment.Count(task.Uses, "use")}{refused}, {Moment.Count(task.LiveCredentials, "live credential")}, generation {task.Generation.ToString(CultureInfo.InvariantCulture)}");
    }

    private static void Write(TextPage page, string label, string value)
    {
        if (value.Length > 0) page.Field(label, value);
    }

    private static void Write(TextPage page, string label, Timestamp? moment, DateTimeOffset now)
    {
        if (moment is not null) page.Field(label, Moment.Relative(moment.ToDateTimeOffset(), now));
    }
}
