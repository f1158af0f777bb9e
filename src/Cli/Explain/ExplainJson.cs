using System.Text.Json;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Explain;

/// <summary>What was seen of a process, for programs: docs/cli.md.</summary>
internal static class ExplainJson
{
    public static string Write(ExplainResponse explanation) => JsonText.Object(onOneLine: false, json =>
    {
        json.WriteNumber("process_id", explanation.ProcessId);
        json.WriteString("command", explanation.Command);
        json.WriteNumber("user_id", explanation.UserId);
        json.WriteNumber("group_id", explanation.GroupId);
        if (explanation.StartedAt is { } started) json.WriteMoment("started_at", started.ToDateTimeOffset());
        json.WriteString("executable", Known(explanation.Executable));
        if (explanation.Cgroup is { } cgroup) Write(json, cgroup);
        json.WriteObjects("evidence", explanation.Evidence, (_, evidence) =>
        {
            json.WriteString("selector", evidence.Selector);
            json.WriteString("source", evidence.Source);
        });
        json.WriteObjects("matched", explanation.Matched, Write);
        json.WriteObjects("undecided", explanation.Undecided, Write);
        json.WriteObjects("nearly", explanation.Nearly, Write);
        json.WriteObjects("refused", explanation.Refused, (_, refusal) =>
        {
            json.WriteString("attestor", refusal.Attestor);
            json.WriteString("what", refusal.What);
            json.WriteString("reason", refusal.Reason);
            json.WriteString("code", refusal.Code);
        });
        json.WriteTexts("failed", explanation.Failed);
    });

    private static void Write(Utf8JsonWriter json, EntryMatch entry)
    {
        json.WriteString("entry_id", entry.EntryId);
        json.WriteString("origin", entry.Origin);
        json.WriteString("spiffe_id", entry.SpiffeId);
        json.WriteString("hint", entry.Hint);
        json.WriteNumber("priority", entry.Priority);
        json.WriteTexts("selectors", entry.Selectors);
        json.WriteTexts("missing", entry.Missing);
    }

    private static void Write(Utf8JsonWriter json, Cgroup cgroup)
    {
        json.WriteStartObject("cgroup");
        json.WriteString("path", Known(cgroup.Path));
        json.WriteString("refused", Known(cgroup.Refusal));
        json.WriteString("unit", Known(cgroup.Unit));
        json.WriteString("slice", Known(cgroup.Slice));
        WriteUser(json, "user_manager", cgroup.HasUserManager, cgroup.UserManager);
        json.WriteString("user_unit", Known(cgroup.UserUnit));
        json.WriteString("runtime", Known(cgroup.Runtime));
        json.WriteString("container_id", Known(cgroup.ContainerId));
        json.WriteString("pod_uid", Known(cgroup.PodUid));
        json.WriteString("containerd_namespace", Known(cgroup.ContainerdNamespace));
        WriteUser(json, "rootless_user_id", cgroup.HasRootlessUserId, cgroup.RootlessUserId);
        json.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter json, string name, bool isKnown, uint user)
    {
        if (isKnown) json.WriteNumber(name, user);
        else json.WriteNull(name);
    }

    private static string? Known(string text) => text.Length > 0 ? text : null;
}
