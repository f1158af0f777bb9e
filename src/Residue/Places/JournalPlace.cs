using System.Globalization;
using Spiffe.Agent.Residue.Reports;

namespace Spiffe.Agent.Residue.Places;

/// <summary>What the unit wrote to the journal since the work began, and what systemd wrote of it; read with journalctl, for the files of the journal are packed in parts.</summary>
internal sealed class JournalPlace(Search search, ToolSet tools)
{
    private static readonly string[] Common = ["--quiet", "--no-pager", "--output=export"];

    /// <summary>Fields that name the unit: of what it wrote, of what was written of it, of what it left when it crashed. systemd.journal-fields(7).</summary>
    private static readonly string[] Fields = ["_SYSTEMD_UNIT", "_SYSTEMD_USER_UNIT", "UNIT", "OBJECT_SYSTEMD_UNIT", "COREDUMP_UNIT"];

    public void Look(ResidueSubject subject)
    {
        if (search.IsOver) return;
        string shown = subject.Unit.Length > 0 ? subject.Unit : "journal";
        search.Enter(PlaceKind.Journal, shown);
        if (subject.Unit.Length == 0)
        {
            search.Gap(GapReason.Unknown, shown, "the work ran in no unit that is known");
            return;
        }

        if (tools.Find("journalctl") is not { } journalctl)
        {
            search.Gap(GapReason.Tool, shown, "journalctl is not installed");
            return;
        }

        // A journal that may not be read looks like an empty one: that there is a last entry at all is asked first.
        if (!search.Begin(shown)) return;
        bool isThere = false;
        string? fault = ToolOutput.Read(search, journalctl, [.. Common, "--lines=1"], null, _ => isThere = true);
        search.Done(PlaceKind.Journal, shown);
        if (fault is null && !isThere && !search.IsOver) fault = "the journal shows nothing to this daemon";
        if (fault is null && search.Begin(shown))
        {
            string since = string.Create(CultureInfo.InvariantCulture, $"--since=@{subject.Since.ToUnixTimeSeconds()}");
            IEnumerable<string> matches = Fields.SelectMany((field, i) => i == 0 ? new[] { $"{field}={subject.Unit}" } : ["+", $"{field}={subject.Unit}"]);
            fault = ToolOutput.Read(search, journalctl, [.. Common, since, .. matches], null, _ => { });
            search.Done(PlaceKind.Journal, shown);
        }

        if (fault is not null) search.Gap(GapReason.Tool, shown, fault);
    }
}
