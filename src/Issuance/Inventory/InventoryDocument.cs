using System.Globalization;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>A snapshot as canonical JSON (RFC 8785): docs/cli.md says what each member is.</summary>
internal static class InventoryDocument
{
    /// <summary>From this size on tasks are written without what they may name themselves: rights in detail, words, labels. Ours: 10,000 tasks of usual size have a quarter of it, and
    /// whoever begins enormous ones neither fills the memory nor hides behind it.</summary>
    public const int MaxDetailed = 64 * 1024 * 1024;

    /// <summary>Of this form of the document.</summary>
    public const int Form = 1;

    public static ReadOnlyMemory<byte> Write(InventorySnapshot snapshot, int maxDetailed = MaxDetailed)
    {
        InventoryWriter json = new(64 * 1024);
        json.Object(() =>
        {
            json.Moment("at", snapshot.At);
            json.Object("daemon", () =>
            {
                json.Number("process_id", snapshot.ProcessId);
                json.Moment("since", snapshot.Since);
                json.Text("version", snapshot.Version);
            });
            json.Objects("ended", snapshot.Ended, task => InventoryTasks.WriteEnded(json, task));
            json.Objects("entries", snapshot.Entries, entry => Write(json, entry));
            json.Number("form", Form);
            json.Objects("identities", snapshot.Identities, identity => Write(json, identity));
            if (snapshot.Log is { } log) json.Object("log", () => Write(json, log));
            json.Objects("standing", snapshot.Standing, standing => Write(json, standing));
            json.Object("strangers", () => Write(json, snapshot.Strangers));
            json.Objects("tasks", snapshot.Tasks, task => InventoryTasks.Write(json, task, isDetailed: json.Length < maxDetailed));
            json.Objects("templates", snapshot.Templates, template => Write(json, template));
            json.Text("trust_domain", snapshot.TrustDomain);
        });
        return json.Written;
    }

    private static void Write(InventoryWriter json, EntryUse entry)
    {
        json.Number("calls", entry.Calls);
        json.Moment("earned_at", entry.EarnedAt);
        json.Text("id", entry.Id);
        json.Text("name", entry.Name);
        json.Text("origin", entry.Origin);
        json.Texts("selectors", entry.Selectors);
    }

    private static void Write(InventoryWriter json, LiveIdentity identity)
    {
        json.Number("calls", identity.Calls);
        json.Texts("entries", identity.Entries);
        json.Text("id", identity.Id);
        json.Number("streams", identity.Streams);
        json.Objects("svids", identity.Svids, svid =>
        {
            json.Moment("expires_at", svid.ExpiresAt);
            json.Text("id", svid.Id);
            json.Text("kind", svid.Kind);
        });
    }

    private static void Write(InventoryWriter json, LogState log)
    {
        json.Text("fault", log.Fault);
        json.Number("lost", log.Lost);
        json.Text("origin", log.Origin);
        json.Number("published", log.Published);
        json.Number("size", log.Size);
        json.Number("waiting", log.Waiting);
    }

    private static void Write(InventoryWriter json, StandingException standing)
    {
        json.Number("calls", standing.Calls);
        json.Number("days_left", standing.DaysLeft);
        json.Text("id", standing.SpiffeId);
        json.Flag("overdue", standing.IsOverdue);
        json.Text("owner", standing.Owner);
        json.Text("reason", standing.Reason);
        json.Text("review_by", standing.ReviewBy.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.Texts("selectors", standing.Selectors);
        json.Text("template", standing.Template);
    }

    private static void Write(InventoryWriter json, StrangerList strangers)
    {
        json.Objects("callers", strangers.Rows, row =>
        {
            json.Flag("attested", row.IsAttested);
            json.Number("calls", row.Calls);
            json.Text("executable", row.Executable);
            json.Moment("first_seen", row.FirstSeen);
            json.Moment("last_seen", row.LastSeen);
            json.Text("reason", row.Reason);
            json.Number("user_id", row.UserId);
        });
        json.Number("forgotten", strangers.Forgotten);
        json.Number("unlisted_calls", strangers.Unlisted);
    }

    private static void Write(InventoryWriter json, TemplateUse template)
    {
        json.Number("begun", template.Begun);
        json.Moment("last_begun_at", template.LastBegunAt);
        json.Number("live", template.Live);
        json.Text("name", template.Name);
        json.Array("never_used", template.NeverUsed, json.Raw);
        json.Text("owner", template.Owner);
        json.Text("purpose", template.Purpose);
        json.Number("rights", template.Rights);
    }
}
