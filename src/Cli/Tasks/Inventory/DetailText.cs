using System.Globalization;
using Google.Protobuf.Collections;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks.Inventory;

/// <summary>All of one task for people.</summary>
internal static class DetailText
{
    public static string Write(TaskDetail task, IReadOnlyList<TaskEvent> events, DateTimeOffset now, bool isStyled)
    {
        TextPage page = new(isStyled);
        SummaryText.Write(page, task.Summary ?? new TaskSummary(), now);
        WriteOrigin(page, task);
        WriteRights(page, task);
        WriteCredentials(page, task, now);
        WriteEvents(page, events, now);
        WriteReceipt(page, task.Receipt);
        return page.ToString();
    }

    private static void WriteOrigin(TextPage page, TaskDetail task)
    {
        if (task.Executable.Length > 0) page.Field("executable", task.Executable);
        WriteAll(page, "comes from", task.Chain);
        WriteAll(page, "subtasks", task.Children);
        if (task.IntentS256.Length > 0) page.Field("intent", $"sha256 {task.IntentS256}");
        if (task.DecisionId.Length > 0) page.Field("decision", task.DecisionId);
        if (task.PolicyDigest.Length > 0) page.Field("policy", task.PolicyDigest);
        WriteAll(page, "decided by", task.DecidingPolicies);
    }

    private static void WriteRights(TextPage page, TaskDetail task)
    {
        if (task.Rights.Count == 0 && task.Dropped.Count == 0) return;
        page.Heading("rights", task.Rights.Count == 0 ? "none" : $"{task.Rights.Count(r => r.Used > 0).ToString(CultureInfo.InvariantCulture)} used, {task.Rights.Count(r => r.Used == 0).ToString(CultureInfo.InvariantCulture)} unused");
        if (task.Rights.Count > 0)
            page.Table([["USED", "LEFT", "RIGHT"], .. task.Rights.Select(r => (IReadOnlyList<string>)[Number(r.Used), r.Remaining < 0 ? "not counted" : Number(r.Remaining), GrantText.Of(r.Detail)])]);
        foreach (DroppedGrant dropped in task.Dropped) page.Field("not granted", $"{GrantText.Of(dropped.Detail)}: {dropped.Reason}");
    }

    private static void WriteCredentials(TextPage page, TaskDetail task, DateTimeOffset now)
    {
        if (task.Credentials.Count == 0) return;
        page.Heading("live credentials");
        page.Table([["KIND", "EXPIRES", "GENERATION", "ID"], .. task.Credentials.Select(c =>
            (IReadOnlyList<string>)[c.Kind, c.ExpiresAt is { } at ? Moment.Distance(at.ToDateTimeOffset(), now) : "", Number(c.Generation), c.Id])]);
    }

    private static void WriteEvents(TextPage page, IReadOnlyList<TaskEvent> events, DateTimeOffset now)
    {
        if (events.Count == 0) return;
        page.Heading("what happened");
        page.Table([["WHEN", "WHAT", "STATE", "DETAIL"], .. events.Select(e =>
            (IReadOnlyList<string>)[e.At is { } at ? Moment.Distance(at.ToDateTimeOffset(), now) : "", e.Kind, TaskWords.Plain(e.State), e.Detail])]);
    }

    private static void WriteReceipt(TextPage page, OffboardingReceipt? receipt)
    {
        if (receipt is null) return;
        page.Heading("offboarding", TaskWords.Of(receipt.State, receipt.Cause));
        page.Field("revoked", Moment.Count(receipt.RevokedCredentials.Count, "credential that had not expired", "credentials that had not expired"));
        WriteAll(page, "", receipt.RevokedCredentials);
        WriteAll(page, "ended with it", receipt.EndedSubtasks);
        OffboardingText.Write(page, receipt);
    }

    private static void WriteAll(TextPage page, string label, RepeatedField<string> values)
    {
        for (int i = 0; i < values.Count; i++) page.Field(i == 0 ? label : "", values[i]);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
