using System.Globalization;
using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store.Journal;
using Spiffe.Agent.Audit.Store.Keys;
using Spiffe.Agent.Audit.Store.Publishing;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Audit.Store.Opening;

/// <summary>Opens a log's directory for writing: looks whether it is what its last writer left, and refuses it otherwise.</summary>
/// <param name="disk">The log's.</param>
/// <param name="origin">Its name, as configured.</param>
/// <param name="keepsName">Whether a log that is there keeps its own name.</param>
/// <param name="time">Clock.</param>
internal sealed class LogOpening(ILogDisk disk, string origin, bool keepsName, TimeProvider time)
{
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private const string Changed = "keep it for `spiffe-agent audit verify`, find out who changed it, and put back what was there or begin a new log elsewhere";

    private string Root => disk.Root;

    /// <exception cref="AuditStoreException">It cannot be opened, or should not be.</exception>
    public OpenedLog Run()
    {
        try
        {
            if (!KeyName.IsValid(origin)) throw new AuditStoreException("origin", $"'{origin}' is no name of a log", "give it a URL without its scheme, such as example.org/audit");
            Directory.CreateDirectory(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (FileOwner.FaultOf(Root, OthersWrite) is { Length: > 0 } fault) throw new AuditStoreException(Root, fault, $"give it to the daemon's user alone: chown it and chmod 750 {Root}");
            LogLock writer = LogLock.TryTake(Root, out string holder) ?? throw new AuditStoreException(Root, $"is held by {holder}", "stop that one first, or give each daemon a directory of its own");
            try
            {
                return Open(writer);
            }
            catch
            {
                writer.Dispose();
                throw;
            }
        }
        catch (DiskException e)
        {
            throw new AuditStoreException(Root, e.Message, e.Remedy, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditStoreException(Root, e.Message, "let the daemon's user, and nobody else, write there", e);
        }
        catch (TileException e)
        {
            throw new AuditStoreException(Path.Combine(Root, e.Path), e.Fault, Changed, e);
        }
    }

    private OpenedLog Open(LogLock writer)
    {
        disk.DeleteDirectory(StagedFiles.Pending);
        IReadOnlyList<NoteVerifierKey> keys = VerifierKeyFile.Read(Root);
        bool isNew = keys.Count == 0;
        if (isNew) keys = Make();
        if (keepsName) origin = keys[0].Name;
        if (!string.Equals(keys[0].Name, origin, StringComparison.Ordinal))
        {
            throw new AuditStoreException(Path.Combine(Root, VerifierKeyFile.Name), $"this log is {keys[0].Name}, and {origin} is configured", $"configure {keys[0].Name}, or another directory");
        }

        (SignedNote note, Checkpoint head) = ReadHead(keys);
        TileReader tree = new(Root, head.Size);
        if (tree.Root != head.Root) throw new AuditStoreException(Path.Combine(Root, TilePath.Checkpoint), "the tiles do not lead to its root", Changed);
        HeadHistory history = new(disk, time);
        if (history.LastSize > head.Size)
        {
            throw new AuditStoreException(Path.Combine(Root, TilePath.Checkpoint), string.Create(CultureInfo.InvariantCulture, $"has {head.Size} entries, and {HeadHistory.Name} knows of {history.LastSize}"), Changed);
        }

        ReadOnlyMemory<byte> last = LastEntry(tree);
        TreeState published = new(new Frontier(head.Size, tree.Node), head.Size == 0 ? RecordEntry.None : RecordEntry.HashOf(last.Span));
        Recovery recovery = Recovery.Run(Root, keys, published, size => new Frontier(size, tree.Node).Root);
        if (recovery.Groups.Count > 0)
        {
            CommittedGroup group = recovery.Groups[^1];
            last = group.EntryOf(group.Entries[^1]).ToArray();
        }

        (LogKeys signing, NoteSigner? next) = OpenKeys(keys, last);
        return new OpenedLog(disk, writer, signing, next, note, head.Size, history, recovery, isNew);
    }

    // The file of verifier keys comes last: what is there without it was not made to its end, and holds no entry.
    private List<NoteVerifierKey> Make()
    {
        string tiles = Path.Combine(Root, "tile");
        if (Directory.Exists(tiles) || Segment.All(Root).Count > 0) throw new AuditStoreException(Path.Combine(Root, VerifierKeyFile.Name), "is missing, and there is a log", "put the log's own file back");
        using NoteSigner signer = KeyFile.Read(Root, KeyFile.Current, origin) ?? KeyFile.Make(disk, KeyFile.Current, origin);
        Checkpoint empty = new(origin, 0, TreeHasher.Empty);
        string checkpoint = Path.Combine(Root, TilePath.Checkpoint);
        if (File.Exists(checkpoint) && SignedNote.TryParse(File.ReadAllBytes(checkpoint), out SignedNote? note, out _) && !note.Text.SequenceEqual(empty.ToText()))
        {
            throw new AuditStoreException(Path.Combine(Root, VerifierKeyFile.Name), "is missing, and there is a log", "put the log's own file back");
        }

        StagedFiles.Replace(disk, TilePath.Checkpoint, signer.Sign(empty.ToText()).ToArray());
        VerifierKeyFile.Write(disk, [signer.VerifierKey]);
        return [signer.VerifierKey];
    }

    private (SignedNote Note, Checkpoint Head) ReadHead(IReadOnlyList<NoteVerifierKey> keys)
    {
        string path = Path.Combine(Root, TilePath.Checkpoint);
        if (!File.Exists(path)) throw new AuditStoreException(path, "is missing, and there is a log", Changed);
        string fault = new FileInfo(path).Length > SignedNote.MaxLength ? "is too long" : "";
        SignedNote? note = null;
        Checkpoint? head = null;
        if (fault.Length == 0) _ = SignedNote.TryParse(File.ReadAllBytes(path), out note, out fault);
        if (note is not null && note.Verify([.. keys]) is { Accepted: false } verdict) fault = verdict.Fault;
        if (note is not null && fault.Length == 0) _ = Checkpoint.TryParse(note.Text, out head, out fault);
        if (head is not null && !string.Equals(head.Origin, origin, StringComparison.Ordinal)) fault = $"is that of another log, {head.Origin}";
        return note is not null && head is not null && fault.Length == 0 ? (note, head) : throw new AuditStoreException(path, fault, Changed);
    }

    private ReadOnlyMemory<byte> LastEntry(TileReader tree)
    {
        if (tree.Size == 0) return default;
        long bundle = (tree.Size - 1) / TilePath.Width;
        IReadOnlyList<ReadOnlyMemory<byte>> entries = tree.Entries(bundle);
        for (int i = 0; i < entries.Count; i++)
        {
            long index = (bundle * TilePath.Width) + i;
            if (TreeHasher.Leaf(entries[i].Span) == tree.Node(0, index)) continue;
            throw new AuditStoreException(Path.Combine(Root, "tile/entries"), string.Create(CultureInfo.InvariantCulture, $"entry {index} is not the one that the tree has"), Changed);
        }

        return entries[^1];
    }

    private (LogKeys Signing, NoteSigner? Next) OpenKeys(IReadOnlyList<NoteVerifierKey> keys, ReadOnlyMemory<byte> last)
    {
        string path = Path.Combine(Root, KeyFile.Current);
        NoteSigner signer = KeyFile.Read(Root, KeyFile.Current, origin) ?? throw new AuditStoreException(path, "is missing, and there is a log", "put the log's key back, or begin a new log elsewhere");
        bool isGone = KeyFile.IsBeingDiscarded(Root, KeyFile.Next) && !NamesKey(last);
        if (isGone) KeyFile.Discard(disk);
        NoteSigner? next = isGone ? null : KeyFile.Read(Root, KeyFile.Next, origin);
        if (next is not null && !Names(last, next.VerifierKey))
        {
            next.Dispose();
            next = null;
            KeyFile.Discard(disk);
        }

        string signs = signer.VerifierKey.ToString();
        if (!string.Equals(keys[^1].ToString(), signs, StringComparison.Ordinal))
        {
            bool isChanging = next is not null && string.Equals(keys[^1].ToString(), next.VerifierKey.ToString(), StringComparison.Ordinal)
                && keys.Count > 1 && string.Equals(keys[^2].ToString(), signs, StringComparison.Ordinal);
            if (!isChanging)
            {
                signer.Dispose();
                next?.Dispose();
                throw new AuditStoreException(path, $"is not the key that {VerifierKeyFile.Name} ends with", "put the log's key back, or begin a new log elsewhere");
            }
        }

        return (new LogKeys(signer, keys), next);
    }

    /// <summary>Whether an entry says that another key signs from here on.</summary>
    private static bool NamesKey(ReadOnlyMemory<byte> entry) => Named(entry) is not null;

    /// <summary>Whether an entry says that this key signs from here on.</summary>
    private static bool Names(ReadOnlyMemory<byte> entry, NoteVerifierKey key) => string.Equals(Named(entry), key.ToString(), StringComparison.Ordinal);

    private static string? Named(ReadOnlyMemory<byte> entry) =>
        !entry.IsEmpty && RecordEntry.TryRead(entry, out RecordEntry? read, out _) && read.Type == RecordTypes.LogKey && read.Data.TryGetProperty("key", out var named) ? named.GetString() : null;
}
