using System.Numerics;
using System.Runtime.CompilerServices;
using Spiffe.Agent.Residue.Needles;

namespace Spiffe.Agent.Residue.Scanning;

/// <summary>All needles of one search, so laid out that asking for all of them costs one look for every four bytes. Immutable.</summary>
internal sealed class NeedleTable
{
    /// <summary>Bits of the first look: 32 KiB, which stay in the nearest cache; more of them for so many needles that most would pass, up to 1 MiB.</summary>
    private const int MinSieveBits = 18;
    private const int MaxSieveBits = 23;

    /// <summary>Places for each anchor, as a power of two.</summary>
    private const int Thinness = 5;

    private readonly NeedleKey _key;
    private readonly Needle[] _needles;
    private readonly int[] _credentials;
    private readonly ulong[] _sieve;
    private readonly int _shift;
    private readonly Dictionary<uint, int> _first = [];
    private readonly int[] _next; // Of each needle's four anchors, number = needle × 4 + place, the next one with the same value; -1: none.

    public NeedleTable(NeedleKey key, IReadOnlyList<CredentialPrint> prints)
    {
        _key = key;
        _needles = [.. prints.SelectMany(print => print.Needles)];
        _credentials = [.. prints.SelectMany((print, i) => Enumerable.Repeat(i, print.Needles.Length))];
        _next = new int[_needles.Length * Needle.AnchorLength];
        int bits = Math.Clamp(BitOperations.Log2((uint)_next.Length + 1) + Thinness, MinSieveBits, MaxSieveBits);
        (_sieve, _shift) = (new ulong[1 << (bits - 6)], NeedleKey.AnchorBits - bits);
        for (int i = 0; i < _next.Length; i++)
        {
            uint anchor = _needles[i / Needle.AnchorLength].Anchors[i % Needle.AnchorLength];
            uint bit = anchor >> _shift;
            _sieve[bit >> 6] |= 1UL << (int)(bit & 63);
            _next[i] = _first.TryGetValue(anchor, out int first) ? first : -1;
            _first[anchor] = i;
        }
    }

    public int Count => _needles.Length;

    public Needle this[int needle] => _needles[needle];

    /// <summary>Whose needle it is: the place of the print.</summary>
    public int CredentialOf(int needle) => _credentials[needle];

    /// <summary>Finds every needle that ends behind <paramref name="seen"/> and lies wholly in the data.</summary>
    /// <param name="data">Some bytes that were seen before, and new ones.</param>
    /// <param name="seen">How many were seen before.</param>
    /// <param name="hits">Where what was found is added, its offsets counted from the beginning of <paramref name="data"/>.</param>
    public unsafe void Find(ReadOnlySpan<byte> data, int seen, List<Hit> hits)
    {
        const int Step = Needle.AnchorLength;
        int shift = _shift;
        ulong multiplier = _key.Multiplier;
        int end = data.Length - Step;
        fixed (byte* bytes = data)
        fixed (ulong* sieve = _sieve)
        {
            int i = 0;
            unchecked
            {
                for (; i <= end - (3 * Step); i += 4 * Step)
                {
                    uint a = NeedleKey.Anchor(Unsafe.ReadUnaligned<uint>(bytes + i), multiplier) >> shift;
                    uint b = NeedleKey.Anchor(Unsafe.ReadUnaligned<uint>(bytes + i + Step), multiplier) >> shift;
                    uint c = NeedleKey.Anchor(Unsafe.ReadUnaligned<uint>(bytes + i + (2 * Step)), multiplier) >> shift;
                    uint d = NeedleKey.Anchor(Unsafe.ReadUnaligned<uint>(bytes + i + (3 * Step)), multiplier) >> shift;
                    ulong any = (sieve[a >> 6] >> (int)a) | (sieve[b >> 6] >> (int)b) | (sieve[c >> 6] >> (int)c) | (sieve[d >> 6] >> (int)d);
                    if ((any & 1) == 0) continue;
                    for (int at = i; at < i + (4 * Step); at += Step) Look(data, at, seen, hits);
                }
            }

            for (; i <= end; i += Step) Look(data, i, seen, hits);
        }
    }

    private void Look(ReadOnlySpan<byte> data, int at, int seen, List<Hit> hits)
    {
        uint anchor = NeedleKey.Anchor(Unsafe.ReadUnaligned<uint>(in data[at]), _key.Multiplier);
        uint bit = anchor >> _shift;
        if (((_sieve[bit >> 6] >> (int)(bit & 63)) & 1) == 0 || !_first.TryGetValue(anchor, out int entry)) return;
        for (; entry >= 0; entry = _next[entry])
        {
            (int number, int place) = (entry / Needle.AnchorLength, entry % Needle.AnchorLength);
            int start = at - place - _needles[number].Lead;
            int end = start + _needles[number].Length;
            if (start < 0 || end > data.Length || end <= seen) continue; // Was found before, or will be with what follows.
            if (_needles[number] is { Check: not 0, Lead: var lead } hex && NeedleKey.Anchor(Unsafe.ReadUnaligned<uint>(in data[start + lead + Needle.AnchoredLength]), _key.Multiplier) != hex.Check) continue;
            if (_key.Tag(data[start..end]) == _needles[number].Tag) hits.Add(new Hit(number, start));
        }
    }
}
