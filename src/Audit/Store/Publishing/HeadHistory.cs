using System.Buffers;
using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Notes;

namespace Spiffe.Agent.Audit.Store.Publishing;

/// <summary><c>checkpoints</c>: some older heads, oldest first, an empty line behind each. So two moments of the log can be compared, and an older <c>checkpoint</c> put back shows.</summary>
internal sealed class HeadHistory
{
    public const string Name = "checkpoints";

    /// <summary>Longest file, in bytes. Ours: some 20,000 heads; beyond it every other of the older ones goes.</summary>
    public const int MaxLength = 4 << 20;

    /// <summary>How much the log grows between two heads that are kept, in entries, unless a minute passes. Ours.</summary>
    public const int Step = 4_096;

    /// <summary>Newest heads that are never thinned out. Ours.</summary>
    private const int Spared = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ILogDisk _disk;
    private readonly TimeProvider _time;
    private long _at;
    private long _length;
    private bool _isTorn;

    /// <summary>Reads what there is; a head that was not written to its end does not count.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public HeadHistory(ILogDisk disk, TimeProvider time)
    {
        (_disk, _time, _at) = (disk, time, time.GetTimestamp());
        byte[] all = ReadAll(disk.Root);
        List<ReadOnlyMemory<byte>> notes = Split(all);
        foreach (ReadOnlyMemory<byte> note in notes) _length += note.Length + 1;
        _isTorn = _length != all.Length;
        if (notes.Count > 0 && SignedNote.TryParse(notes[^1].Span, out SignedNote? last, out _) && Checkpoint.TryParse(last.Text, out Checkpoint? head, out _)) (Last, LastSize) = (last, head.Size);
    }

    /// <summary>The newest head that is kept; null: none is. Not verified.</summary>
    public SignedNote? Last { get; private set; }

    /// <summary>Its size.</summary>
    public long LastSize { get; private set; }

    /// <summary>Keeps a head that is published, if it is time.</summary>
    /// <param name="head">The head.</param>
    /// <param name="size">Its size.</param>
    /// <param name="always">Whether it is time in any case.</param>
    /// <exception cref="IOException">It cannot be kept.</exception>
    public void Keep(SignedNote head, long size, bool always = false)
    {
        if (size <= LastSize && _length > 0) return;
        if (!always && size - LastSize < Step && _time.GetElapsedTime(_at) < Pause) return;
        byte[] note = [.. head.ToArray(), (byte)'\n'];
        if (_isTorn || _length == 0 || _length + note.Length > MaxLength) Rewrite(note);
        else Append(note);
        (Last, LastSize, _at) = (head, size, _time.GetTimestamp());
    }

    private void Append(byte[] note)
    {
        _isTorn = true; // Until it is there.
        using ILogFile file = _disk.Append(Name);
        file.Write(note);
        file.Sync();
        _length += note.Length;
        _isTorn = false;
    }

    private void Rewrite(byte[] note)
    {
        List<ReadOnlyMemory<byte>> notes = Split(ReadAll(_disk.Root));
        bool isLong = _length + note.Length > MaxLength;
        ArrayBufferWriter<byte> all = new();
        for (int i = 0; i < notes.Count; i++)
        {
            if (isLong && i % 2 == 1 && i < notes.Count - Spared) continue;
            all.Write(notes[i].Span);
            all.Write("\n"u8);
        }

        all.Write(note);
        StagedFiles.Replace(_disk, Name, all.WrittenSpan);
        (_length, _isTorn) = (all.WrittenCount, false);
    }

    private static byte[] ReadAll(string directory)
    {
        string path = Path.Combine(directory, Name);
        return File.Exists(path) ? File.ReadAllBytes(path) : [];
    }

    // A note has one empty line in it, and one behind it.
    private static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> rest)
    {
        List<ReadOnlyMemory<byte>> notes = [];
        while (true)
        {
            int middle = rest.Span.IndexOf("\n\n"u8);
            int end = middle < 0 ? -1 : rest.Span[(middle + 2)..].IndexOf("\n\n"u8);
            if (end < 0) return notes;
            int length = middle + 2 + end + 1;
            notes.Add(rest[..length]);
            rest = rest[(length + 1)..];
        }
    }
}
