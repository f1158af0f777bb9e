using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Store.Journal;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Audit.Store.Publishing;

/// <summary>Publishes on its own thread what the journal holds: tiles, then the head, then older heads; then what is not needed any more goes.</summary>
/// <remarks>What fails is tried again at the next period, from what is published; until then the journal keeps it. Committing never waits for it, except where the backlog is full.</remarks>
internal sealed class Publisher : IDisposable
{
    private readonly PublisherParts _parts;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SignedNote _head;
    private volatile bool _isStopping;
    private volatile bool _isFaulted;
    private volatile bool _isHeadAsked;
    private long _kept;

    public Publisher(PublisherParts parts, SignedNote head)
    {
        (_parts, _head, _kept) = (parts, head, parts.History.LastSize);
        (Published, Forgotten) = (new Milestones(parts.Tree.Size), new Milestones(0));
    }

    /// <summary>The newest published head.</summary>
    public SignedNote Head => _head;

    /// <summary>How many entries it covers.</summary>
    public Milestones Published { get; }

    /// <summary>How many entries the journal has nothing of any more.</summary>
    public Milestones Forgotten { get; }

    /// <summary>Whether publishing failed the last time.</summary>
    public bool IsFaulted => _isFaulted;

    public Backlog Backlog => _parts.Backlog;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "audit-publisher" }.Start();

    /// <summary>The newest head that is kept among the older ones, by its size.</summary>
    public long Kept => Volatile.Read(ref _kept);

    /// <summary>Publishes soon.</summary>
    /// <param name="keepHead">Whether the head goes among the older ones in any case.</param>
    public void Wake(bool keepHead = false)
    {
        if (keepHead) _isHeadAsked = true;
        _wake.Set();
    }

    /// <summary>Publishes a last time, and ends.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        _wake.Set();
        return _ended.Task;
    }

    /// <summary>Publishes all that is there now.</summary>
    /// <param name="keepHead">Whether the head goes among the older ones in any case.</param>
    /// <returns>Whether it could.</returns>
    public bool TryPublish(bool keepHead)
    {
        try
        {
            Round(keepHead);
            _isFaulted = false;
            _parts.Condition.Publishing("");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TileException)
        {
            _isFaulted = true;
            string fault = Condition.Of(e);
            if (e is DiskException { IsFull: true })
            {
                _parts.Reserve.GiveUp();
                _parts.Condition.Room(fault);
            }

            _parts.Condition.Publishing(fault);
            return false;
        }
    }

    public void Dispose() => _wake.Dispose();

    private void Run()
    {
        while (!_isStopping)
        {
            _wake.WaitOne();
            if (_isStopping) break;
            bool keepHead = _isHeadAsked;
            _isHeadAsked = false;
            TryPublish(keepHead);
            TakeRoom();
            _parts.Queue.Wake();
        }

        TryPublish(keepHead: true);
        Published.End();
        Forgotten.End();
        _ended.SetResult();
    }

    private void Round(bool keepHead)
    {
        CommittedGroup[] groups = _parts.Backlog.Look();
        if (groups.Length > 0)
        {
            _head = _parts.Tree.Publish(groups);
            _parts.Backlog.Drop(groups.Length);
            Published.Reach(_parts.Tree.Size);
            _parts.Observer(new AuditStoreEvent(AuditStoreEventKind.Published, _parts.Tree.Size, ""));
        }

        long published = _parts.Tree.Size;
        _parts.History.Keep(_head, published, keepHead);
        Volatile.Write(ref _kept, _parts.History.LastSize);
        _parts.Journal.RemoveCovered(published);
        Forgotten.Reach(Math.Min(_parts.Journal.Oldest, published));
        _parts.Partial.Add(_parts.Tree.TakeWhole());
        bool isTight = !_parts.Reserve.IsHeld;
        _parts.Partial.Sweep(isTight);
        if (isTight) _parts.Partial.Thin(published);
        _parts.Retention.Cut(published);
    }

    private void TakeRoom()
    {
        if (_parts.Reserve.IsHeld) return;
        try
        {
            _parts.Reserve.Take();
            _parts.Condition.Room("");
        }
        catch (DiskException e)
        {
            _parts.Condition.Room(Condition.Of(e));
        }
    }
}
