using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Audit.Store.Journal;

namespace Spiffe.Agent.Audit.Verification.Tail;

/// <summary>Reads one file of the journal, a frame at a time.</summary>
internal sealed class FrameFile(SafeFileHandle file)
{
    /// <summary>How far behind a damaged frame others are looked for, in bytes, and at how many places. Ours: bounds what a hostile file costs.</summary>
    private const int SearchLength = JournalFrame.MaxLength;

    private const int SearchPlaces = 64;

    private byte[] _buffer = new byte[1 << 16];
    private long _offset;

    /// <summary>Bytes behind the frames that were read.</summary>
    public long Left => RandomAccess.GetLength(file) - _offset;

    /// <summary>The next frame that is whole; empty: none is. Valid until the next call.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ReadOnlyMemory<byte> Next()
    {
        int length = Fill(_offset, JournalFrame.HeadLength) == JournalFrame.HeadLength ? Claimed() : 0;
        if (length == 0 || length > Left || Fill(_offset, length) != length || JournalFrame.LengthOf(_buffer.AsSpan(0, length)) != length) return default;
        _offset += length;
        return _buffer.AsMemory(0, length);
    }

    /// <summary>Whether a frame that is whole lies somewhere behind; or so much that nobody can tell.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool IsFollowed()
    {
        if (Left > SearchLength) return true;
        int length = Fill(_offset, (int)Left);
        int places = 0;
        for (int at = 0; at < length; at++)
        {
            int next = _buffer.AsSpan(at, length - at).IndexOf(JournalFrame.Magic);
            if (next < 0) return false;
            at += next;
            if (++places > SearchPlaces || JournalFrame.LengthOf(_buffer.AsSpan(at, length - at)) > 0) return true;
        }

        return false;
    }

    private int Claimed()
    {
        if (!_buffer.AsSpan().StartsWith(JournalFrame.Magic)) return 0;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(JournalFrame.Magic.Length));
        return length is >= JournalFrame.HeadLength + JournalFrame.TailLength and <= JournalFrame.MaxLength ? (int)length : 0;
    }

    private int Fill(long offset, int length)
    {
        if (_buffer.Length < length) _buffer = new byte[length];
        int filled = 0;
        int read;
        while (filled < length && (read = RandomAccess.Read(file, _buffer.AsSpan(filled, length - filled), offset + filled)) > 0) filled += read;
        return filled;
    }
}
