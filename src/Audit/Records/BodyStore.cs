using System.Buffers;
using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Audit.Records;

/// <summary>What the commitments of a log stand for: salts and texts, beside the log and not in it, one file for the entries of one bundle.</summary>
/// <remarks>
/// Erasing writes the file anew without the body and makes that safe on the disk; what the medium or a backup still holds of it is beyond this. Once
/// salt and text are gone, the digest in the log says nothing about the text. Processes that write here take turns. Keeps the file that was read
/// last. Not safe from several threads.
/// </remarks>
public sealed class BodyStore
{
    private const string Folder = "bodies";

    private readonly ILogDisk _disk;
    private (string Path, DateTime Written, long Length) _cached;
    private readonly ArrayBufferWriter<byte> _all = new();
    private Dictionary<long, ReadOnlyMemory<byte>> _bodies = [];

    /// <param name="directory">The log's.</param>
    public BodyStore(string directory)
        : this(new LogDisk(directory))
    {
    }

    internal BodyStore(ILogDisk disk) => _disk = disk;

    /// <summary>The text that belongs to an entry; null: it was erased, was never here, or is not the one committed to.</summary>
    /// <param name="seq">The entry's index.</param>
    /// <param name="digest">The commitment in the entry.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string? Read(long seq, string digest)
    {
        Load(TilePath.Bodies(seq / TilePath.Width));
        return _bodies.TryGetValue(seq, out ReadOnlyMemory<byte> body) ? Commitment.Open(digest, body.Span) : null;
    }

    /// <summary>Erases salt and text of an entry for good.</summary>
    /// <returns>Whether there was something to erase.</returns>
    /// <exception cref="IOException">It cannot be erased, or not safely.</exception>
    public bool Erase(long seq)
    {
        string path = TilePath.Bodies(seq / TilePath.Width);
        if (!Directory.Exists(Path.Combine(_disk.Root, Folder))) return false;
        using DirectoryLock turn = Turn();
        ArrayBufferWriter<byte> rest = new();
        bool isThere = false;
        foreach ((long other, ReadOnlyMemory<byte> body) in ReadAll(path))
        {
            if (other == seq) isThere = true;
            else BodyFrames.Append(rest, other, body.Span);
        }

        if (isThere) StagedFiles.Replace(_disk, path, rest.WrittenSpan, isPrivate: true);
        return isThere;
    }

    /// <summary>Keeps other processes from writing here until it is disposed.</summary>
    /// <exception cref="IOException">It cannot be had.</exception>
    internal DirectoryLock Turn()
    {
        _disk.MakeDirectory(Folder, isPrivate: true);
        return new DirectoryLock(Path.Combine(_disk.Root, Folder));
    }

    /// <summary>Adds bodies of one bundle to those that are there. The caller has its <see cref="Turn"/> until the files are published.</summary>
    /// <param name="files">Where the file goes.</param>
    /// <param name="bundle">Which.</param>
    /// <param name="from">Index of the first entry that is new: what is there from it on was left by an attempt that failed.</param>
    /// <param name="added">Bodies as <see cref="BodyFrames"/> has them.</param>
    /// <exception cref="IOException">They cannot be written.</exception>
    internal void Stage(StagedFiles files, long bundle, long from, ReadOnlySpan<byte> added)
    {
        string path = TilePath.Bodies(bundle);
        if (from <= bundle * TilePath.Width)
        {
            files.Add(path, added, isPrivate: true);
            return;
        }

        // Every second, and of some 100 KB: buffers that are kept, and hold no text longer than needed.
        _all.ResetWrittenCount();
        byte[] read = ArrayPool<byte>.Shared.Rent(LengthOf(path));
        try
        {
            ReadOnlyMemory<byte> rest = read.AsMemory(0, ReadInto(path, read));
            while (BodyFrames.TryTake(ref rest, out long seq, out ReadOnlyMemory<byte> body))
            {
                if (seq < from) BodyFrames.Append(_all, seq, body.Span);
            }

            _all.Write(added);
            files.Add(path, _all.WrittenSpan, isPrivate: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(read, clearArray: true);
            _all.Clear();
        }
    }

    private int LengthOf(string path)
    {
        FileInfo file = new(Path.Combine(_disk.Root, path));
        return file.Exists ? checked((int)file.Length) : 0;
    }

    private int ReadInto(string path, byte[] buffer)
    {
        try
        {
            using FileStream file = new(Path.Combine(_disk.Root, path), new FileStreamOptions { BufferSize = 0 });
            return file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0;
        }
    }

    private void Load(string path)
    {
        FileInfo file = new(Path.Combine(_disk.Root, path));
        (string, DateTime, long) now = file.Exists ? (path, file.LastWriteTimeUtc, file.Length) : (path, default, 0);
        if (_cached == now) return;
        _bodies = [];
        foreach ((long seq, ReadOnlyMemory<byte> body) in ReadAll(path)) _bodies[seq] = body;
        _cached = now;
    }

    private IEnumerable<(long Seq, ReadOnlyMemory<byte> Body)> ReadAll(string path)
    {
        ReadOnlyMemory<byte> rest;
        try
        {
            rest = File.ReadAllBytes(Path.Combine(_disk.Root, path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            yield break;
        }

        while (BodyFrames.TryTake(ref rest, out long seq, out ReadOnlyMemory<byte> body)) yield return (seq, body);
    }
}
