using System.Globalization;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>Entries that are not there, and what the log itself says of that further on.</summary>
internal sealed class LogCuts(FindingList findings)
{
    /// <summary>Most gaps between entries that are there. Ours: a log has one, at its beginning.</summary>
    private const int MaxGaps = FindingList.MaxKept;

    private readonly List<(long First, long End, string Place)> _gaps = [];
    private long _below;

    /// <summary>Entries that are missing.</summary>
    public long Missing { get; private set; }

    public void Miss(long first, int count, string place)
    {
        Missing += count;
        if (_gaps.Count > 0 && _gaps[^1].End == first) _gaps[^1] = _gaps[^1] with { End = first + count };
        else if (_gaps.Count < MaxGaps) _gaps.Add((first, first + count, place));
        else findings.Add(FindingKind.EntriesMissing, place, first, "is one of too many gaps");
    }

    /// <summary>The log says that entries below an index are not kept.</summary>
    public void Announce(long below) => _below = Math.Max(_below, below);

    public void Finish()
    {
        foreach ((long first, long end, string place) in _gaps)
        {
            long from = Math.Max(first, _below);
            if (from < end) findings.Add(FindingKind.EntriesMissing, place, from, string.Create(CultureInfo.InvariantCulture, $"entries up to {end - 1} are missing, and the log does not say that they are not kept"));
        }

        if (Missing > 0 && _below > 0) findings.Add(FindingKind.EntriesCut, _gaps[0].Place, _below, string.Create(CultureInfo.InvariantCulture, $"entries below {_below} are not kept any more, as the log says"));
    }
}
