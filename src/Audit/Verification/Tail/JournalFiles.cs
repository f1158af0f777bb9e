using System.Globalization;
using Spiffe.Agent.Audit.Store.Journal;
using Spiffe.Agent.Audit.Verification.Files;

namespace Spiffe.Agent.Audit.Verification.Tail;

/// <summary>The files of a journal, as their names say.</summary>
internal static class JournalFiles
{
    /// <summary>Most files. Ours: a journal that is published has a few.</summary>
    private const int MaxFiles = 10_000;

    /// <summary>In the order in which they were written; null, and a finding, where nobody may look.</summary>
    public static IReadOnlyList<Segment>? List(LogFiles files, FindingList findings)
    {
        FileOutcome outcome = files.List(Segment.Folder, out IEnumerable<string> names);
        if (outcome == FileOutcome.Missing) return [];
        if (outcome == FileOutcome.Unreadable) findings.Add(FindingKind.PrivateUnread, Segment.Folder, null, "this user may not read it");
        else if (outcome != FileOutcome.Done) findings.Add(outcome, FindingKind.JournalMalformed, Segment.Folder);
        if (outcome != FileOutcome.Done) return null;

        List<Segment> segments = [];
        foreach (string name in names)
        {
            if (!TryParse(name, out Segment segment)) findings.Add(FindingKind.Foreign, $"{Segment.Folder}/{name}", null, "is no part of a log");
            else if (segments.Count < MaxFiles) segments.Add(segment);
            else findings.Add(FindingKind.JournalMalformed, Segment.Folder, null, "holds too many files");
        }

        return [.. segments.OrderBy(segment => segment.First).ThenBy(segment => segment.Attempt)];
    }

    private static bool TryParse(string name, out Segment segment)
    {
        segment = default;
        string[] parts = name.Split('.');
        int attempt = 0;
        if (parts.Length > 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long first)) return false;
        if (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out attempt)) return false;
        segment = new Segment(first, attempt);
        return string.Equals(segment.Path, $"{Segment.Folder}/{name}", StringComparison.Ordinal);
    }
}
