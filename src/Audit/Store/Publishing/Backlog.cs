using Spiffe.Agent.Audit.Store.Journal;

namespace Spiffe.Agent.Audit.Store.Publishing;

/// <summary>What is safe in the journal and not yet in tiles. Bounded: whoever adds looks first whether there is room. Safe from several threads.</summary>
/// <param name="maxBytes">Most bytes, beyond which nothing is added; a single group may go beyond it.</param>
internal sealed class Backlog(long maxBytes)
{
    private readonly Lock _gate = new(); // Guards both.
    private readonly Queue<CommittedGroup> _groups = [];
    private long _bytes;

    public bool HasRoom
    {
        get
        {
            lock (_gate) return _bytes < maxBytes;
        }
    }

    /// <summary>Half full: time to publish.</summary>
    public bool IsUrgent
    {
        get
        {
            lock (_gate) return _bytes > maxBytes / 2;
        }
    }

    public void Add(CommittedGroup group)
    {
        lock (_gate)
        {
            _groups.Enqueue(group);
            _bytes += group.Frame.Length;
        }
    }

    /// <summary>All that is there now; it stays.</summary>
    public CommittedGroup[] Look()
    {
        lock (_gate) return [.. _groups];
    }

    /// <summary>So many of the first are in tiles.</summary>
    public void Drop(int count)
    {
        lock (_gate)
        {
            for (; count > 0; count--)
            {
                CommittedGroup group = _groups.Dequeue();
                _bytes -= group.Frame.Length;
                group.Return();
            }
        }
    }
}
