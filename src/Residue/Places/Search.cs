using System.Globalization;
using Spiffe.Agent.Residue.Reports;
using Spiffe.Agent.Residue.Scanning;

namespace Spiffe.Agent.Residue.Places;

/// <summary>One search while it runs: what was found, what is missing, and how much may still be read. Of one thread; only <see cref="Where"/> may be read by others.</summary>
internal sealed class Search
{
    /// <summary>Findings of one file that are kept: who left a thousand copies in one is not told a thousand times. Ours.</summary>
    private const int MaxPerFile = 16;

    private readonly IReadOnlyList<CredentialPrint> _prints;
    private readonly NeedleTable _table;
    private readonly NeedleScan _scan;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stop;
    private readonly long _began;
    private readonly List<Hit> _hits = [];
    private readonly List<ResidueFinding> _findings = [];
    private readonly List<ResidueGap> _gaps = [];
    private readonly List<ResiduePlace> _places = [];
    private long _findingsInAll;
    private long _gapsInAll;
    private long _bytesLeft;
    private int _filesLeft;
    private PlaceKind _place;
    private string _path = "";
    private (long Files, long Bytes, long Passed) _counted;
    private volatile string _where = "";

    public Search(ResiduePlan plan, IReadOnlyList<CredentialPrint> prints, NeedleTable table, TimeProvider time, CancellationToken stop)
    {
        (Plan, _prints, _table, _time, _stop) = (plan, prints, table, time, stop);
        (_scan, _began, _bytesLeft, _filesLeft) = (new NeedleScan(table), time.GetTimestamp(), plan.MaxBytes, plan.MaxFiles);
    }

    public ResiduePlan Plan { get; }

    /// <summary>What is being looked at, for whoever waits in vain.</summary>
    public string Where => _where;

    /// <summary>Whether it ends here: a limit is reached, or the daemon stops. Said once, with the place where.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Buffer for whoever reads.</summary>
    public byte[] Buffer { get; } = new byte[1 << 17];

    public TimeSpan TimeLeft => Plan.Within - _time.GetElapsedTime(_began);

    public CancellationToken Stopping => _stop;

    /// <summary>Begins with another declared place.</summary>
    public void Enter(PlaceKind place, string path)
    {
        Close();
        (_place, _path, _where) = (place, path, path);
    }

    /// <summary>Begins with a file of it, or whatever is one text. False: no more of them.</summary>
    public bool Begin(string path)
    {
        _where = path;
        if (!MayGoOn()) return false;
        if (_filesLeft-- <= 0) return End(GapReason.TooMany, $"more than {Plan.MaxFiles} files");
        _counted.Files++;
        _scan.Restart();
        return true;
    }

    /// <summary>Begins once more with the same file, unpacked.</summary>
    public void Again() => _scan.Restart();

    /// <summary>Looks at the next bytes of it. False: no more.</summary>
    public bool Feed(ReadOnlySpan<byte> data)
    {
        if (!MayGoOn()) return false;
        if (data.Length > _bytesLeft)
        {
            _scan.Feed(data[..(int)_bytesLeft], _hits);
            _bytesLeft = 0;
            return End(GapReason.TooLarge, $"more than {Plan.MaxBytes} bytes");
        }

        _bytesLeft -= data.Length;
        _counted.Bytes += data.Length;
        _scan.Feed(data, _hits);
        return true;
    }

    public void FeedZeros(long count) => _scan.FeedZeros(count, _hits);

    /// <summary>Ends the file: what was found is written down.</summary>
    public void Done(PlaceKind place, string path)
    {
        if (_hits.Count == 0) return;
        int listed = 0;
        foreach ((int needle, long offset) in _hits.Distinct().OrderBy(hit => hit.Offset))
        {
            _findingsInAll++;
            if (listed++ >= MaxPerFile || _findings.Count >= ResidueReport.MaxListed) continue;
            CredentialPrint print = _prints[_table.CredentialOf(needle)];
            _findings.Add(new ResidueFinding(place, path, offset, print.Kind, print.Id, _table[needle].Form));
        }

        _hits.Clear();
    }

    /// <summary>Whether a short text, such as a name, holds a credential: then it must not be shown. It counts as found.</summary>
    public bool IsInText(PlaceKind place, ReadOnlySpan<byte> text, Func<string> shown)
    {
        if (text.Length < Needles.NeedleForge.ShortestWindow) return false;
        _scan.Restart();
        _scan.Feed(text, _hits);
        if (_hits.Count == 0) return false;
        Done(place, shown());
        return true;
    }

    public void Gap(GapReason reason, string path, string detail = "") => Gap(_place, reason, path, detail);

    public void Gap(PlaceKind place, GapReason reason, string path, string detail)
    {
        _gapsInAll++;
        if (_gaps.Count < ResidueReport.MaxListed) _gaps.Add(new ResidueGap(place, path, reason, detail));
    }

    /// <summary>Something in which nothing lies.</summary>
    public void Pass() => _counted.Passed++;

    public ResidueReport Report()
    {
        Close();
        return new ResidueReport
        {
            Findings = [.. _findings],
            FindingsInAll = _findingsInAll,
            Gaps = [.. _gaps],
            GapsInAll = _gapsInAll,
            Places = [.. _places],
            Credentials = _prints.Count,
            Took = _time.GetElapsedTime(_began),
        };
    }

    /// <summary>Whether there is time. Asked between any two reads.</summary>
    public bool MayGoOn()
    {
        if (IsOver) return false;
        if (_stop.IsCancellationRequested) return End(GapReason.NotDone, "the daemon stops");
        return TimeLeft > TimeSpan.Zero || RunOut();
    }

    /// <summary>A timer says that the time is over, however near to it the clock is. False.</summary>
    public bool RunOut() => !IsOver && End(GapReason.OutOfTime, string.Create(CultureInfo.InvariantCulture, $"more than {Plan.Within.TotalSeconds:0.###} s"));

    private bool End(GapReason reason, string detail)
    {
        IsOver = true;
        Gap(reason, _where, detail);
        return false;
    }

    private void Close()
    {
        if (_path.Length > 0 && _places.Count < ResidueReport.MaxPlaces) _places.Add(new ResiduePlace(_place, _path, _counted.Files, _counted.Bytes, _counted.Passed));
        (_path, _counted) = ("", default);
    }
}
