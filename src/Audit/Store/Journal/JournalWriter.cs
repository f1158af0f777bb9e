using Spiffe.Agent.Audit.Disk;

namespace Spiffe.Agent.Audit.Store.Journal;

/// <summary>Makes groups of entries safe on the disk, one file behind the other.</summary>
/// <remarks>
/// A file into which something could not be written, or of which nobody knows whether it is safe, is never written again: Linux says once that it
/// lost what was written, and calls the next fsync a success ("fsyncgate"). The group then goes to a new file, which begins where the old one counts
/// to. Written by one thread; <see cref="RemoveCovered"/> is called by another.
/// </remarks>
/// <param name="disk">The log's.</param>
internal sealed class JournalWriter(ILogDisk disk) : IDisposable
{
    private readonly Lock _gate = new(); // Guards all below: a file is written or closed, not both.
    private readonly List<(Segment Segment, long End)> _closed = [];
    private ILogFile? _file;
    private Segment _segment;
    private long _length;
    private long _end;

    /// <summary>Index of the first entry that a file has; where there is none, the largest number.</summary>
    public long Oldest
    {
        get
        {
            lock (_gate) return _closed.Select(closed => closed.Segment.First).Append(_file is null ? long.MaxValue : _segment.First).Min();
        }
    }

    /// <summary>Files that are there already, and hold entries below that index.</summary>
    public void Adopt(IEnumerable<Segment> segments, long end)
    {
        lock (_gate) _closed.AddRange(segments.Select(segment => (segment, end)));
    }

    /// <summary>Writes a group. When this returns, it is safe.</summary>
    /// <exception cref="DiskException">It is not, and the next one begins a new file.</exception>
    public void Write(CommittedGroup group)
    {
        lock (_gate)
        {
            _file ??= Begin(group.First);
            try
            {
                _file.Write(group.Frame);
                _file.Sync();
            }
            catch (DiskException)
            {
                GiveUp();
                throw;
            }

            _length += group.Frame.Length;
            _end = group.End;
        }
    }

    /// <summary>Removes the files whose entries are all in tiles; the next group begins a new one, so that this one can go next time.</summary>
    /// <param name="published">How many entries are.</param>
    /// <exception cref="DiskException">One of them cannot be removed; it can be tried again.</exception>
    public void RemoveCovered(long published)
    {
        (Segment Segment, long End)[] covered;
        lock (_gate)
        {
            Close();
            covered = [.. _closed.Where(closed => closed.End <= published)];
        }

        foreach ((Segment Segment, long End) closed in covered)
        {
            disk.Delete(closed.Segment.Path);
            lock (_gate) _closed.Remove(closed);
        }
    }

    public void Dispose()
    {
        lock (_gate) Close();
    }

    private ILogFile Begin(long first)
    {
        disk.MakeDirectory(Segment.Folder, isPrivate: true);
        _segment = new Segment(first, 0);
        ILogFile? file = null;
        while (file is null)
        {
            try
            {
                file = disk.Create(_segment.Path, isPrivate: true);
            }
            catch (DiskException e) when (e.Error == Libc.Exists && _segment.Attempt < Segment.MaxAttempts)
            {
                _segment = _segment with { Attempt = _segment.Attempt + 1 };
            }
        }

        (_file, _length, _end) = (file, 0, first);
        try
        {
            disk.SyncDirectory(Segment.Folder);
        }
        catch (DiskException)
        {
            GiveUp();
            throw;
        }

        return file;
    }

    // What does not count is cut off, so that it takes no room; when even that fails it stays, and is passed over when the log is opened again.
    private void GiveUp()
    {
        try
        {
            _file!.Truncate(_length);
            if (_length == 0) disk.Delete(_segment.Path);
        }
        catch (DiskException)
        {
            _closed.Add((_segment, _end));
            Forget();
            return;
        }

        if (_length > 0) _closed.Add((_segment, _end));
        Forget();
    }

    private void Close()
    {
        if (_file is null) return;
        _closed.Add((_segment, _end));
        Forget();
    }

    private void Forget()
    {
        _file?.Dispose();
        _file = null;
    }
}
