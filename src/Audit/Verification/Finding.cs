using System.Globalization;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>Something that verifying a log found, with its place.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Place">Which file, beneath the log's directory. An attacker may have chosen it: escape it before a terminal sees it.</param>
/// <param name="Index">Which entry, or the size of which tree; null where it is about a whole file.</param>
/// <param name="Message">What about it, for people.</param>
public sealed record Finding(FindingKind Kind, string Place, long? Index, string Message)
{
    /// <summary>Whether the log is not what it should be; false: it is only worth knowing.</summary>
    public bool IsFault => Kind is not (FindingKind.HistoryTorn or FindingKind.JournalTorn or FindingKind.EntriesCut or FindingKind.PrivateUnread or FindingKind.Unwitnessed or FindingKind.Foreign or FindingKind.LeftOver or FindingKind.Growing);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}: {Place}{(Index is { } index ? $"#{index}" : "")}: {Message}");
}
