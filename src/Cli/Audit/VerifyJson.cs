using System.Text.Json;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Replay;
using Spiffe.Agent.Replay.Findings;

namespace Spiffe.Agent.Cli.Audit;

/// <summary>What came of verifying a log, for programs.</summary>
internal static class VerifyJson
{
    public static string Write(VerificationReport report, ReplaySummary? replay) => JsonText.Object(onOneLine: false, json =>
    {
        json.WriteBoolean("intact", report.IsIntact && replay is not { IsClean: false });
        json.WriteString("origin", report.Origin);
        json.WriteNumber("size", report.Size);
        json.WriteString("root", report.Root.ToString());
        json.WriteNumber("journaled", report.Journaled);
        json.WriteNumber("read", report.Read);
        json.WriteNumber("bytes", report.Bytes);
        if (report.Times is var (first, last))
        {
            json.WriteMoment("first_at", first);
            json.WriteMoment("last_at", last);
        }

        json.WriteObjects("keys", report.Keys, (_, key) =>
        {
            json.WriteString("key", key.Key.ToString());
            json.WriteNumber("beyond", key.Beyond);
        });
        json.WriteObjects("witnesses", report.Witnesses, (_, witness) =>
        {
            json.WriteString("name", witness.Key.Name);
            json.WriteNumber("cosigned_at", witness.CosignedAt ?? 0);
        });
        json.WriteNumber("older_heads", report.Heads);
        json.WriteNumber("bodies", report.Bodies);
        json.WriteNumber("erased", report.Erased);
        json.WriteNumber("fault_count", report.FaultCount);
        json.WriteObjects("faults", report.Faults, Write);
        json.WriteObjects("remarks", report.Remarks, Write);
        if (replay is not null) Write(json, replay);
    });

    /// <summary>As it is written in output: <c>entry_changed</c>.</summary>
    public static string NameOf<T>(T kind)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static void Write(Utf8JsonWriter json, ReplaySummary replay)
    {
        json.WriteStartObject("replay");
        json.WriteNumber("tasks", replay.Tasks);
        json.WriteNumber("live", replay.Live);
        json.WriteNumber("not_judged", replay.NotJudged);
        json.WriteNumber("decisions", replay.Decisions.All);
        json.WriteNumber("decisions_taken_again", replay.Decisions.TakenAgain);
        json.WriteNumber("violation_count", replay.ViolationCount);
        json.WriteObjects("violations", replay.Violations, Write);
        json.WriteNumber("remark_count", replay.RemarkCount);
        json.WriteObjects("remarks", replay.Remarks, Write);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteString("kind", NameOf(finding.Kind));
        json.WriteString("place", finding.Place);
        if (finding.Index is { } index) json.WriteNumber("index", index);
        else json.WriteNull("index");
        json.WriteString("message", finding.Message);
    }

    private static void Write(Utf8JsonWriter json, ReplayFinding finding)
    {
        json.WriteString("rule", NameOf(finding.Rule));
        json.WriteNumber("entry", finding.Seq);
        json.WriteString("task", finding.Task);
        json.WriteString("message", finding.Message);
    }
}
