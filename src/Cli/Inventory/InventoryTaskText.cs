using System.Globalization;
using System.Text.Json;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tasks;

namespace Spiffe.Agent.Cli.Inventory;

/// <summary>One task of the inventory for people.</summary>
internal static class InventoryTaskText
{
    public static void Write(TextPage page, JsonElement task, int length, DateTimeOffset now)
    {
        page.Heading($"task {TaskWords.Short(task.Text("id"), length)}  {task.Text("template")}", task.Text("cause") is { Length: > 0 } cause ? $"{task.Text("state")}: {cause}" : task.Text("state"));
        Field(page, "owner", task.Text("owner"));
        Field(page, "is for", string.Join(": ", new[] { task.Text("purpose"), task.Text("goal") }.Where(static word => word.Length > 0)));
        Field(page, "ticket", task.Text("ticket"));
        Field(page, "on behalf of", task.Text("subject"));
        Field(page, "done by", DoneBy(task));
        Field(page, "comes from", string.Join(" → ", task.Texts("chain")));
        if (task.Items("children") is { Count: > 0 } children) page.Field("subtasks", Number(children.Count));
        page.Field("left", Left(task, now));
        if (task.Moment("last_used_at") is { } used) page.Field("last used", Moment.Distance(used, now));
        if (task.Number("withheld") > 0) page.Field("withheld", Moment.Count(task.Number("withheld"), "action"));
        foreach (JsonElement approval in task.Items("approvals")) page.Field("waits for", $"approval {approval.Text("id")}: {approval.Text("question")}");
        Field(page, "credentials", CredentialsOf(task, now));
        long unused = task.Number("rights_unused"), all = unused + task.Number("rights_used");
        page.Field("rights", all == 0 ? "none" : $"{Number(all - unused)} used, {Number(unused)} unused");
        foreach (JsonElement right in task.Items("rights")) page.Field("", $"{Use(right)}  {GrantText.Of(right.Part("detail").GetRawText())}");
        if (task.Has("abridged")) page.Line("shown in brief: there are too many large tasks");
    }

    private static string DoneBy(JsonElement task)
    {
        string user = $"user {Number(task.Number("user_id"))}";
        return string.Join(", ", new[] { task.Text("bound_to"), user, task.Text("executable") }.Where(static part => part.Length > 0));
    }

    /// <summary>The ends that it runs into by itself, the nearest first.</summary>
    private static string Left(JsonElement task, DateTimeOffset now) => string.Join(", ", new[] { ("lease", task.Moment("lease_until")), ("deadline", task.Moment("deadline")), ("idle", task.Moment("idle_until")) }
        .Where(static end => end.Item2 is not null)
        .OrderBy(static end => end.Item2)
        .Select(end => end.Item2 > now ? $"{Moment.Words(end.Item2!.Value - now)} ({end.Item1})" : $"over ({end.Item1})"));

    private static string CredentialsOf(JsonElement task, DateTimeOffset now)
    {
        IReadOnlyList<JsonElement> credentials = task.Items("credentials");
        if (credentials.Count == 0) return task.Number("live_credentials") is > 0 and long count ? Number(count) : "";
        return string.Join(", ", credentials.Select(credential => credential.Moment("expires_at") is { } end ? $"{credential.Text("kind")} {Moment.Distance(end, now)}" : credential.Text("kind")));
    }

    private static string Use(JsonElement right)
    {
        string left = right.Has("remaining") ? $", {Number(right.Number("remaining"))} left" : "";
        return right.Number("used") == 0 ? $"unused{left}:" : $"{Moment.Count(right.Number("used"), "use")}{left}:";
    }

    private static void Field(TextPage page, string label, string value)
    {
        if (value.Length > 0) page.Field(label, value);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
