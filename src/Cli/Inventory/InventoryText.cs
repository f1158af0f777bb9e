using System.Globalization;
using System.Text.Json;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tasks;

namespace Spiffe.Agent.Cli.Inventory;

/// <summary>The inventory for people: who, what for, what it may do, what of that it does not use, how long.</summary>
internal static class InventoryText
{
    public static string Write(JsonElement inventory, DateTimeOffset now, bool isStyled)
    {
        TextPage page = new(isStyled);
        JsonElement daemon = inventory.Part("daemon");
        IReadOnlyList<JsonElement> tasks = inventory.Items("tasks");
        page.Heading($"inventory of {inventory.Text("trust_domain")}", inventory.Moment("at") is { } at ? $"taken {Moment.Distance(at, now)}" : "")
            .Field("agent", $"{daemon.Text("version")}, process {Of(daemon.Number("process_id"))}");
        if (daemon.Moment("since") is { } since) page.Field("counted since", Moment.Relative(since, now));
        if (inventory.Has("log")) page.Field("log", LogText.Of(inventory.Part("log")));
        page.Field("identities", $"{Of(inventory.Items("identities").Count)} of entries")
            .Field("tasks", TasksOf(tasks))
            .Field("standing", Of(inventory.Items("standing").Count));

        WriteIdentities(page, inventory.Items("identities"), now);
        int length = TaskWords.ShortLength(tasks.Select(static task => task.Text("id")));
        foreach (JsonElement task in tasks) InventoryTaskText.Write(page, task, length, now);
        WriteEnded(page, inventory.Items("ended"), length, now);
        WriteStanding(page, inventory.Items("standing"));
        WriteStrangers(page, inventory.Part("strangers"), now);
        WriteUnused(page, inventory);
        return page.ToString();
    }

    private static string TasksOf(IReadOnlyList<JsonElement> tasks) => tasks.Count == 0
        ? "none live"
        : $"{Of(tasks.Count)} live: {string.Join(", ", tasks.GroupBy(static task => task.Text("state"), StringComparer.Ordinal).OrderBy(static group => group.Key, StringComparer.Ordinal).Select(static group => $"{Of(group.Count())} {group.Key}"))}";

    private static void WriteIdentities(TextPage page, IReadOnlyList<JsonElement> identities, DateTimeOffset now)
    {
        if (identities.Count == 0) return;
        page.Heading("identities that entries give").Table([["SPIFFE ID", "ENTRY", "CALLS", "STREAMS", "SVIDS"], .. identities.Select(identity => (IReadOnlyList<string>)
        [
            identity.Text("id"), string.Join(", ", identity.Texts("entries")), Of(identity.Number("calls")), Of(identity.Number("streams")), string.Join(", ", identity.Items("svids").Select(svid => Svid(svid, now))),
        ])]);
    }

    private static string Svid(JsonElement svid, DateTimeOffset now) => svid.Moment("expires_at") is { } end ? $"{svid.Text("kind")} {Moment.Distance(end, now)}" : svid.Text("kind");

    private static void WriteEnded(TextPage page, IReadOnlyList<JsonElement> ended, int length, DateTimeOffset now)
    {
        if (ended.Count == 0) return;
        page.Heading("ended", "as far as it is remembered").Table([["TASK", "TEMPLATE", "OWNER", "ENDED", "STATE", "REVOKED", "RIGHTS USED", "WHAT REMAINS"], .. ended.Select(task => (IReadOnlyList<string>)
        [
            TaskWords.Short(task.Text("id"), length), task.Text("template"), task.Text("owner"), task.Moment("ended_at") is { } at ? Moment.Distance(at, now) : "", task.Text("state"), Of(task.Number("revoked")),
            $"{Of(task.Number("rights_used"))} of {Of(task.Number("rights_used") + task.Number("rights_unused"))}", Remains(task),
        ])]);
    }

    /// <summary>What was found when nothing should remain.</summary>
    private static string Remains(JsonElement task) => task.Text("offboarding") switch
    {
        "verified" => "nothing",
        "residue_found" => $"RESIDUE, found {Moment.Count(task.Number("residue"), "time")}",
        "still_accepted" => "STILL ACCEPTED",
        "running" => "is being looked for",
        string other => other,
    };

    private static void WriteStanding(TextPage page, IReadOnlyList<JsonElement> standing)
    {
        if (standing.Count == 0) return;
        page.Heading("standing access", "exceptions: an identity without a task");
        page.Table([["TEMPLATE", "OWNER", "REVIEW BY", "LEFT", "CALLS", "REASON"], .. standing.Select(static access => (IReadOnlyList<string>)
            [access.Text("template"), access.Text("owner"), access.Text("review_by"), Left(access), Of(access.Number("calls")), access.Text("reason")])]);
    }

    private static string Left(JsonElement access) => access.Has("overdue") ? "OVERDUE: stopped" : Moment.Count(access.Number("days_left"), "day");

    private static void WriteStrangers(TextPage page, JsonElement strangers, DateTimeOffset now)
    {
        IReadOnlyList<JsonElement> callers = strangers.Items("callers");
        long unlisted = strangers.Number("unlisted_calls"), forgotten = strangers.Number("forgotten");
        if (callers.Count == 0 && unlisted == 0) return;
        page.Heading("callers that nobody has described", "they got nothing");
        if (callers.Count > 0)
        {
            page.Table([["USER", "PROGRAM", "CALLS", "LAST SEEN", "ATTESTED", "REASON"], .. callers.Select(row => (IReadOnlyList<string>)
            [
                Of(row.Number("user_id")), row.Text("executable") is { Length: > 0 } program ? program : "not known", Of(row.Number("calls")),
                row.Moment("last_seen") is { } seen ? Moment.Distance(seen, now) : "", row.Has("attested") ? "yes" : "no", row.Text("reason"),
            ])]);
        }

        if (unlisted > 0) page.Line($"and {Moment.Count(unlisted, "call")} of others: the list is full");
        if (forgotten > 0) page.Line($"{Moment.Count(forgotten, "row")} forgotten, after a day of silence each");
    }

    private static void WriteUnused(TextPage page, JsonElement inventory)
    {
        IReadOnlyList<JsonElement> templates = inventory.Items("templates");
        JsonElement[] idle = [.. templates.Where(static template => template.Number("begun") == 0)];
        (string Template, string Right)[] rights = [.. templates.Where(static template => template.Number("begun") > 0).SelectMany(static template => template.Texts("never_used").Select(right => (template.Text("name"), right)))];
        JsonElement[] entries = [.. inventory.Items("entries").Where(static entry => !entry.Has("earned_at"))];
        if (idle.Length + rights.Length + entries.Length == 0) return;
        page.Heading("not used since the start", "may be taken out");
        foreach (JsonElement template in idle) page.Field("template", $"{template.Text("name")}, of {template.Text("owner")}");
        foreach ((string template, string right) in rights) page.Field("right", $"{template}: {GrantText.Of(right)}");
        foreach (JsonElement entry in entries) page.Field("entry", $"{entry.Text("name")}: {entry.Text("id")} ({entry.Text("origin")})");
    }

    private static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);
}
