using System.Globalization;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Replay;
using Spiffe.Agent.Replay.Findings;

namespace Spiffe.Agent.Cli.Audit;

/// <summary>What came of verifying a log, for people.</summary>
internal static class VerifyText
{
    public static string Write(string directory, VerificationReport report, ReplaySummary? replay, int kept, bool isStyled)
    {
        long violations = replay?.ViolationCount ?? 0;
        TextPage page = new TextPage(isStyled).Heading(directory, report.FaultCount + violations == 0 ? "intact" : $"NOT INTACT: {Moment.Count(report.FaultCount, "fault")}, {Moment.Count(violations, "violation")}");
        if (report.Origin.Length > 0) WriteLog(page, report, kept);
        if (replay is not null && report.Origin.Length > 0) WriteReplay(page, replay);
        if (!report.Faults.IsEmpty) page.Heading("faults", More(report.FaultCount, report.Faults.Length)).Table([["KIND", "PLACE", "INDEX", "WHAT"], .. report.Faults.Select(Row)]);
        if (replay is { ViolationCount: > 0 }) page.Heading("violations", More(violations, replay.Violations.Length)).Table([["RULE", "ENTRY", "TASK", "WHAT"], .. replay.Violations.Select(Row)]);
        if (!report.Remarks.IsEmpty) page.Heading("remarks").Table([["KIND", "PLACE", "INDEX", "WHAT"], .. report.Remarks.Select(Row)]);
        if (replay is { RemarkCount: > 0 }) page.Heading("remarks on tasks", More(replay.RemarkCount, replay.Remarks.Length)).Table([["RULE", "ENTRY", "TASK", "WHAT"], .. replay.Remarks.Select(Row)]);
        return page.ToString();
    }

    private static void WriteLog(TextPage page, VerificationReport report, int kept)
    {
        string journaled = report.Journaled > 0 ? $", and {Number(report.Journaled)} in the journal" : "";
        page.Field("log", report.Origin)
            .Field("entries", $"{Number(report.Size)}{journaled}; {Number(report.Read)} read, {Number(report.Bytes)} bytes");
        if (report.Times is var (first, last)) page.Field("time", $"{Moment.Of(first)} to {Moment.Of(last)}");
        page.Field("head", $"{report.Root}");
        foreach ((long beyond, var key) in report.Keys) page.Field(beyond == 0 ? "keys" : "", beyond == 0 ? key.ToString() : $"{key} beyond {Number(beyond)} entries");
        for (int i = 0; i < report.Witnesses.Length; i++) page.Field(i == 0 ? "witnesses" : "", $"{report.Witnesses[i].Key.Name} at {TimeOf(report.Witnesses[i].CosignedAt)}");
        page.Field("older heads", $"{Number(report.Heads)} of the log's own, {Number(kept)} kept elsewhere")
            .Field("bodies", $"{Number(report.Bodies)} kept, {Number(report.Erased)} not there any more");
    }

    private static void WriteReplay(TextPage page, ReplaySummary replay) => page
        .Field("tasks", $"{Number(replay.Tasks)} began, {Number(replay.Live)} live at the end{(replay.NotJudged > 0 ? $", {Number(replay.NotJudged)} not judged: they began before the log" : "")}")
        .Field("decisions", $"{Number(replay.Decisions.All)}, of which {Number(replay.Decisions.TakenAgain)} were taken again by the policies of their time")
        .Field("credentials", $"{Number(replay.Credentials.OfTasks)} of tasks, {Number(replay.Credentials.OfEntries)} of entries");

    internal static string TimeOf(long? seconds) => seconds is >= 0 and <= 253_402_300_799 and { } known ? Moment.Of(DateTimeOffset.FromUnixTimeSeconds(known)) : "a time that no calendar has";

    private static string[] Row(Finding finding) => [VerifyJson.NameOf(finding.Kind), finding.Place, finding.Index is { } index ? index.ToString(CultureInfo.InvariantCulture) : "", finding.Message];

    private static string[] Row(ReplayFinding finding) => [VerifyJson.NameOf(finding.Rule), finding.Seq.ToString(CultureInfo.InvariantCulture), finding.Task, finding.Message];

    private static string More(long all, int shown) => all > shown ? $"the first {Number(shown)} of {Number(all)}" : "";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
