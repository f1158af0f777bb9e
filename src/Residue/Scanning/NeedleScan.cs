using Spiffe.Agent.Residue.Needles;

namespace Spiffe.Agent.Residue.Scanning;

/// <summary>Looks for all needles of a table in data that comes in pieces of any size: once as it is, once with separators taken out. Memory is bounded, whatever comes.</summary>
internal sealed class NeedleScan
{
    /// <summary>Bytes that are looked at together: both passes over them find them in the second-nearest cache.</summary>
    private const int PieceLength = 1 << 16;

    /// <summary>What is seen again with the next piece: no needle lies in two pieces unseen.</summary>
    private const int Overlap = Needle.MaxLength - 1;

    private readonly NeedleTable _table;
    private readonly byte[] _plain = new byte[Overlap + PieceLength];
    private readonly byte[] _squeezed = new byte[Overlap + PieceLength];
    private readonly long[] _places = new long[Overlap]; // Where each of the squeezed bytes stood that are seen again.
    private readonly List<Hit> _found = [];
    private int _plainSeen;
    private int _squeezedSeen;
    private int _sinceDropped;
    private byte _before;

    public NeedleScan(NeedleTable table) => _table = table;

    /// <summary>Bytes of the present data so far.</summary>
    public long Position { get; private set; }

    /// <summary>Begins with other data.</summary>
    public void Restart() => (_plainSeen, _squeezedSeen, _sinceDropped, _before, Position) = (0, 0, 0, 0, 0);

    /// <summary>Looks at the next bytes.</summary>
    /// <param name="data">Any number of them.</param>
    /// <param name="hits">Where what was found is added.</param>
    public void Feed(ReadOnlySpan<byte> data, List<Hit> hits)
    {
        while (!data.IsEmpty)
        {
            ReadOnlySpan<byte> piece = data[..Math.Min(data.Length, PieceLength)];
            data = data[piece.Length..];
            Plain(piece, hits);
            Squeezed(piece, hits);
            Position += piece.Length;
        }
    }

    /// <summary>Passes over zero bytes that were not written, such as a hole of a sparse file.</summary>
    public void FeedZeros(long count, List<Hit> hits)
    {
        ReadOnlySpan<byte> zeros = stackalloc byte[Needle.MaxLength];
        if (count > 2 * zeros.Length)
        {
            Feed(zeros, hits);
            count -= zeros.Length;
            long skipped = count - zeros.Length;
            (_plainSeen, Position, count) = (0, Position + skipped, zeros.Length); // In the squeezed data they are nowhere.
        }

        Feed(zeros[..(int)Math.Min(count, zeros.Length)], hits);
        if (count > zeros.Length) Feed(zeros[..(int)(count - zeros.Length)], hits);
    }

    private void Plain(ReadOnlySpan<byte> piece, List<Hit> hits)
    {
        piece.CopyTo(_plain.AsSpan(_plainSeen));
        int length = _plainSeen + piece.Length;
        _table.Find(_plain.AsSpan(0, length), _plainSeen, _found);
        foreach (Hit hit in _found) hits.Add(hit with { Offset = Position - _plainSeen + hit.Offset });
        _found.Clear();
        _plainSeen = Keep(_plain, length);
    }

    private void Squeezed(ReadOnlySpan<byte> piece, List<Hit> hits)
    {
        byte before = _before;
        int kept = Squeezer.Squeeze(piece, _squeezed.AsSpan(_squeezedSeen), ref _before);
        int length = _squeezedSeen + kept;
        // Where nothing was taken out, all was seen as it is.
        if (kept < piece.Length || _sinceDropped < Needle.MaxLength) _table.Find(_squeezed.AsSpan(0, length), _squeezedSeen, _found);
        foreach (Hit hit in _found)
        {
            int last = (int)hit.Offset + _table[hit.Needle].Length - 1;
            (long from, long to) = (PlaceOf(hit.Offset, piece, before), PlaceOf(last, piece, before));
            if (to - from > last - hit.Offset) hits.Add(hit with { Offset = from }); // Else it stands there whole, and was found so.
        }

        _found.Clear();
        _sinceDropped = kept < piece.Length ? 0 : Math.Min(_sinceDropped + kept, Needle.MaxLength);
        NotePlaces(piece, before, kept);
        _squeezedSeen = Keep(_squeezed, length);
    }

    /// <summary>Where a squeezed byte stood.</summary>
    private long PlaceOf(long squeezed, ReadOnlySpan<byte> piece, byte before)
    {
        if (squeezed < _squeezedSeen) return _places[squeezed];
        long left = squeezed - _squeezedSeen;
        for (int i = 0; i < piece.Length; i++)
        {
            if (Squeezer.Keeps(i == 0 ? before : piece[i - 1], piece[i]) && left-- == 0) return Position + i;
        }

        throw new InvalidOperationException("a byte that was kept is not there");
    }

    /// <summary>Notes the places of the bytes that are seen again with the next piece.</summary>
    private void NotePlaces(ReadOnlySpan<byte> piece, byte before, int kept)
    {
        int fresh = Math.Min(kept, Overlap);
        int old = Math.Min(_squeezedSeen, Overlap - fresh);
        _places.AsSpan(_squeezedSeen - old, old).CopyTo(_places);
        for (int i = piece.Length - 1, at = old + fresh; at > old; i--)
        {
            if (Squeezer.Keeps(i == 0 ? before : piece[i - 1], piece[i])) _places[--at] = Position + i;
        }
    }

    /// <summary>Moves the last bytes to the front, and answers how many.</summary>
    private static int Keep(byte[] buffer, int length)
    {
        int kept = Math.Min(length, Overlap);
        buffer.AsSpan(length - kept, kept).CopyTo(buffer);
        return kept;
    }
}
