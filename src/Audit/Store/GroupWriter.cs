using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Store.Journal;
using Spiffe.Agent.Audit.Store.Keys;
using Spiffe.Agent.Audit.Store.Publishing;
using Spiffe.Agent.Audit.Store.Queueing;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Audit.Store;

/// <summary>Makes records safe on the disk on its own thread: whatever waits goes together, in one write and one fdatasync, and then whoever waits for it hears.</summary>
/// <remarks>A group that cannot be written stays first in line and is tried again when <see cref="RecordQueue.Wake"/> is called; nothing overtakes it.</remarks>
internal sealed class GroupWriter
{
    private readonly PublisherParts _parts;
    private readonly Publisher _publisher;
    private readonly LogKeys _keys;
    private readonly List<PendingRecord> _group = [];
    private readonly FrameArena _arena = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TreeState _state;
    private long _size;
    private volatile KeyChange? _change;

    public GroupWriter(PublisherParts parts, Publisher publisher, LogKeys keys, TreeState state)
    {
        (_parts, _publisher, _keys, _state, _size) = (parts, publisher, keys, state, state.Size);
    }

    /// <summary>Entries that are safe on the disk.</summary>
    public long Size => Volatile.Read(ref _size);

    /// <summary>Ends when the queue is closed and all of it is written, or cannot be.</summary>
    public Task Ended => _ended.Task;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "audit-writer" }.Start();

    /// <summary>To be finished once the entry that names its key is safe.</summary>
    public void Expect(KeyChange change) => _change = change;

    private void Run()
    {
        while (_parts.Queue.Take(_group))
        {
            while (!TryCommit() && !_parts.Queue.IsHopeless) _parts.Queue.Wait();
            while (_change is { Index: >= 0 } && !TryFinish() && !_parts.Queue.IsHopeless) _parts.Queue.Wait();
            if (_parts.Queue.IsHopeless) break;
        }

        _parts.Queue.Abandon();
        _change?.Fail(new ObjectDisposedException(nameof(AuditStore)));
        _ended.SetResult();
    }

    private bool TryCommit()
    {
        if (!_parts.Backlog.HasRoom)
        {
            _publisher.Wake();
            if (_publisher.IsFaulted) _parts.Queue.Stick();
            return false;
        }

        (CommittedGroup group, TreeState behind) = GroupBuilder.Build(_group, _state, _keys, _arena);
        try
        {
            Write(group);
        }
        catch (DiskException e)
        {
            group.Return();
            _parts.Condition.Committing(Condition.Of(e));
            _parts.Queue.Stick();
            return false;
        }

        _state = behind;
        Volatile.Write(ref _size, behind.Size);
        for (int i = 0; i < _group.Count; i++) _group[i].Kept?.Invoke(group.First + i);
        _parts.Backlog.Add(group);
        _parts.Condition.Committing("");
        _parts.Queue.Settle(_group);
        _group.Clear();
        if (_parts.Backlog.IsUrgent) _publisher.Wake();
        return true;
    }

    private void Write(CommittedGroup group)
    {
        try
        {
            _parts.Journal.Write(group);
        }
        catch (DiskException e) when (e.IsFull && _parts.Reserve.GiveUp())
        {
            _parts.Condition.Room(Condition.Of(e));
            _parts.Journal.Write(group);
        }
    }

    // Nothing is written meanwhile: the entry that names the next key is the last that the old one signs for.
    private bool TryFinish()
    {
        KeyChange change = _change!;
        if (_publisher.Kept != _state.Size)
        {
            _publisher.Wake(keepHead: true);
            if (_publisher.IsFaulted) _parts.Queue.Stick();
            return false;
        }

        try
        {
            change.Finish(_parts.Disk, _keys);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TileException)
        {
            _parts.Condition.Committing(Condition.Of(e));
            _parts.Queue.Stick();
            return false;
        }

        _change = null;
        _parts.Condition.Committing("");
        _parts.Observer(new AuditStoreEvent(AuditStoreEventKind.KeyChanged, change.Index, change.Key.ToString()));
        return true;
    }
}
