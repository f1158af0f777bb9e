using System.Text;
using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Proofs;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store.Journal;
using Spiffe.Agent.Audit.Store.Keys;
using Spiffe.Agent.Audit.Store.Opening;
using Spiffe.Agent.Audit.Store.Publishing;
using Spiffe.Agent.Audit.Store.Queueing;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Audit.Store;

/// <summary>The one writer of a log's directory (docs/audit.md). Safe from many threads.</summary>
/// <remarks>
/// What <see cref="SettleAsync"/> has confirmed survives the daemon and a loss of power, in the order in which it got its place. Nothing that is
/// confirmed is written again. Who reads the directory never waits for the writer, nor it for them. Whatever cannot be written is said by
/// <see cref="Health"/>, and tried again every <see cref="AuditStoreLimits.Period"/>; until then nothing that gives rights gets a place.
/// </remarks>
public sealed class AuditStore : IAuditLog, IAsyncDisposable
{
    /// <summary>First line of what <see cref="Sign"/> signs, before its kind. With its space it is no name, so nothing of it is ever taken for a checkpoint.</summary>
    public const string Statement = "spiffe-agent/statement@v1 ";

    private readonly OpenedLog _log;
    private readonly TimeProvider _time;
    private readonly RecordQueue _queue;
    private readonly PublisherParts _parts;
    private readonly Publisher _publisher;
    private readonly GroupWriter _writer;
    private readonly ITimer _timer;
    private int _isDisposed;
    private int _isChangingKeys;

    private AuditStore(OpenedLog log, AuditStoreOptions options, TimeProvider time, Action<AuditStoreEvent> observer)
    {
        (_log, _time, _queue) = (log, time, new RecordQueue(options.Limits, time));
        _parts = new PublisherParts(
            log.Disk, new TreePublisher(log.Disk, log.Keys, log.Size), new Backlog(options.Limits.MaxUnpublishedBytes), log.History, new JournalWriter(log.Disk),
            new PartialTiles(log.Disk, time, options.Limits.PartialTilesStay), new Retention(log.Disk, options.Keep, _queue, time, observer),
            new Reserve(log.Disk, options.Limits.ReserveBytes), new Condition(_queue, observer), _queue, observer);
        _publisher = new Publisher(_parts, log.Head);
        _writer = new GroupWriter(_parts, _publisher, log.Keys, log.Recovery.Behind);
        TakeOver(observer);
        _publisher.Start();
        _writer.Start();
        _timer = time.CreateTimer(Tick, this, options.Limits.Period, options.Limits.Period);
        _publisher.Wake();
    }

    /// <inheritdoc/>
    public AuditHealth Health => new(_log.Keys.Origin, _writer.Size, _publisher.Published.Reached, _queue.Waiting, _queue.Lost, _queue.Fault);

    /// <summary>The newest published head, signed.</summary>
    public SignedNote Head => _publisher.Head;

    /// <summary>The keys that signed and sign, oldest first.</summary>
    public IReadOnlyList<NoteVerifierKey> Keys => _log.Keys.All;

    /// <summary>Since when the present key signs: when its file was made.</summary>
    public DateTimeOffset KeySince => new(File.GetLastWriteTimeUtc(Path.Combine(_log.Disk.Root, KeyFile.Current)), TimeSpan.Zero);

    /// <summary>Opens a log, or makes it: looks first whether it is what its last writer left.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="observer">Hears of what an operator may want to see; on the threads of the log, so it returns soon, and throws nothing.</param>
    /// <exception cref="AuditStoreException">It cannot be opened, or should not be, because somebody changed it.</exception>
    public static AuditStore Open(AuditStoreOptions options, TimeProvider time, Action<AuditStoreEvent>? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Open(options, time, observer, new LogDisk(Path.GetFullPath(options.Directory)));
    }

    internal static AuditStore Open(AuditStoreOptions options, TimeProvider time, Action<AuditStoreEvent>? observer, ILogDisk disk)
    {
        OpenedLog log = new LogOpening(disk, options.Origin, options.KeepsName, time).Run();
        try
        {
            return new AuditStore(log, options, time, observer ?? (static _ => { }));
        }
        catch
        {
            log.Keys.Dispose();
            log.Next?.Dispose();
            log.Lock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryAppend(AuditRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _queue.TryAdd(PendingRecord.Of(record), record.IsOwed);
    }

    /// <inheritdoc/>
    public ValueTask<bool> SettleAsync(CancellationToken cancellationToken) => _queue.SettleAsync(cancellationToken);

    /// <summary>Signs a text with the log's key, under the log's name, as something that is no checkpoint.</summary>
    /// <param name="kind">What it is: lower-case letters, digits and underscores. It goes into the first line, behind <see cref="Statement"/>.</param>
    /// <param name="text">UTF-8 that ends in a newline, without other control characters.</param>
    /// <exception cref="ArgumentException">The kind is no name, or no note can be made of the text.</exception>
    public SignedNote Sign(string kind, ReadOnlySpan<byte> text)
    {
        if (!RecordFields.IsName(kind)) throw new ArgumentException("a kind has lower-case letters, digits and underscores, a letter first", nameof(kind));
        return _log.Keys.Sign([.. Encoding.ASCII.GetBytes($"{Statement}{kind}\n"), .. text]);
    }

    /// <summary>The receipt of an entry; waits until it is published.</summary>
    /// <exception cref="ObjectDisposedException">The log was closed before.</exception>
    /// <exception cref="TileException">A tile is damaged.</exception>
    /// <exception cref="IOException">A tile cannot be read.</exception>
    public async Task<LogProof> ProveAsync(long index, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        await _publisher.Published.When(index + 1).WaitAsync(cancellationToken);
        SignedNote head = Head;
        return Checkpoint.TryParse(head.Text, out Checkpoint? checkpoint, out string fault)
            ? LogProof.Of(index, head, new TileReader(_log.Disk.Root, checkpoint.Size).Node)
            : throw new InvalidOperationException(fault);
    }

    /// <summary>Erases the free text that belongs to an entry, and its salt: waits until the entry is published, and until the journal has nothing of it any more.</summary>
    /// <returns>Whether there was something to erase.</returns>
    /// <exception cref="ObjectDisposedException">The log was closed before.</exception>
    /// <exception cref="IOException">It cannot be erased, or not safely.</exception>
    public async Task<bool> EraseBodyAsync(long index, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        await _publisher.Published.When(index + 1).WaitAsync(cancellationToken);
        bool isErased = new BodyStore(_log.Disk).Erase(index);
        await _publisher.Forgotten.When(index + 1).WaitAsync(cancellationToken);
        return isErased;
    }

    /// <summary>Lets a new key sign from here on, and destroys the old one. The log says so, under the old key's last signature.</summary>
    /// <returns>Ends when the new key signs. When it fails, the log that is opened next either has gone on with it, or has forgotten the new key.</returns>
    /// <exception cref="InvalidOperationException">Keys are being changed already.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed before.</exception>
    /// <exception cref="IOException">The new key cannot be written.</exception>
    public async Task RotateKeyAsync()
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        if (Interlocked.Exchange(ref _isChangingKeys, 1) != 0) throw new InvalidOperationException("keys are being changed already");
        try
        {
            using KeyChange change = new(KeyFile.Make(_log.Disk, KeyFile.Next, _log.Keys.Origin));
            AuditRecord record = new(RecordTypes.LogKey, _time.GetUtcNow(), new RecordFields().Add("key", change.Key.ToString()));
            _writer.Expect(change);
            PendingRecord last = PendingRecord.Of(record, index => change.Index = index) with { EndsGroup = true };
            ObjectDisposedException.ThrowIf(!_queue.TryAdd(last, isOwed: true), this);
            await change.Done;
        }
        finally
        {
            Volatile.Write(ref _isChangingKeys, 0);
        }
    }

    /// <summary>Writes and publishes what has a place, if it can be, and lets go of the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _timer.DisposeAsync();
        _queue.Close();
        await _writer.Ended;
        await _publisher.StopAsync();
        _parts.Journal.Dispose();
        _publisher.Dispose();
        _log.Keys.Dispose();
        _log.Lock.Dispose();
    }

    private static void Tick(object? state)
    {
        AuditStore store = (AuditStore)state!;
        store._publisher.Wake();
        store._queue.Wake();
    }

    /// <summary>What the run before has left.</summary>
    private void TakeOver(Action<AuditStoreEvent> observer)
    {
        Recovery recovery = _log.Recovery;
        _parts.Journal.Adopt(recovery.Segments, recovery.Behind.Size);
        _parts.Partial.Find(_log.Size);
        foreach (CommittedGroup group in recovery.Groups) _parts.Backlog.Add(group);
        if (_log.Next is { } next) FinishChange(next, observer);
        try
        {
            _parts.Reserve.Take();
        }
        catch (DiskException e)
        {
            _parts.Condition.Room(Condition.Of(e));
        }

        if (_log.IsNew) return;
        RecordFields data = new RecordFields().Add("recovered", recovery.Behind.Size - _log.Size).Add("torn", recovery.Torn);
        _queue.TryAdd(PendingRecord.Of(new AuditRecord(RecordTypes.LogOpened, _time.GetUtcNow(), data)), isOwed: true);
    }

    private void FinishChange(NoteSigner next, Action<AuditStoreEvent> observer)
    {
        KeyChange change = new(next) { Index = _log.Recovery.Behind.Size - 1 };
        string place = Path.Combine(_log.Disk.Root, KeyFile.Next);
        if (_publisher.Kept != _log.Recovery.Behind.Size && !_publisher.TryPublish(keepHead: true)) throw new AuditStoreException(place, $"a change of keys was not finished, and cannot be now: {_queue.Fault}", "see to that first");
        try
        {
            change.Finish(_log.Disk, _log.Keys);
        }
        catch (DiskException e)
        {
            throw new AuditStoreException(place, $"a change of keys was not finished, and cannot be now: {e.Message}", e.Remedy, e);
        }

        observer(new AuditStoreEvent(AuditStoreEventKind.KeyChanged, change.Index, change.Key.ToString()));
    }
}
