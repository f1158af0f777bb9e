using System.Globalization;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Records;

namespace Spiffe.Agent.Audit.Verification.Tree;

/// <summary>Goes along the entries in order: each must be one, be in its place, be the one that the tree holds, and name the one before it.</summary>
/// <param name="findings">Where what is wrong goes.</param>
/// <param name="previous">Hash of the entry before the first; null: nobody knows.</param>
internal sealed class EntryChain(FindingList findings, TreeHash? previous)
{
    private TreeHash? _previous = previous;
    private long _shift;
    private long _lastChanged = -2;

    /// <summary>What the next entry should name; null: the one before is missing or not what it was.</summary>
    public TreeHash? Previous => _previous;

    /// <summary>Entries are missing here.</summary>
    public void Break() => _previous = null;

    /// <summary>Whether an entry is intact but for the one before it.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="entry">What was read of it.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="isProven">Whether the tree holds just this one.</param>
    /// <param name="place">Its file.</param>
    public bool Accept(long index, in CheckedEntry entry, ReadOnlyMemory<byte> bytes, bool isProven, string place)
    {
        bool isIntact = Judge(index, entry, bytes, isProven, place);
        if (isIntact && _previous is { } previous && entry.Envelope.Previous != previous) findings.Add(FindingKind.ChainBroken, place, index, "does not name the entry before it");
        _previous = isProven ? entry.Hash : null;
        return isIntact;
    }

    private bool Judge(long index, in CheckedEntry entry, ReadOnlyMemory<byte> bytes, bool isProven, string place)
    {
        if (!entry.IsEntry)
        {
            RecordEntry.TryRead(bytes, out _, out string fault);
            findings.Add(FindingKind.EntryMalformed, place, index, isProven ? fault : $"{fault}; and it is not the one that the tree holds");
            return false;
        }

        long shift = entry.Envelope.Seq - index;
        if (shift != 0)
        {
            // Where one is left out or put in, all behind it are shifted: that is said once.
            if (shift != _shift) findings.Add(FindingKind.EntryMisplaced, place, index, string.Create(CultureInfo.InvariantCulture, $"is entry {entry.Envelope.Seq}"));
            _shift = shift;
            return false;
        }

        _shift = 0;
        if (isProven) return true;
        if (_lastChanged != index - 1) findings.Add(FindingKind.EntryChanged, place, index, "is not the entry that the tree holds");
        _lastChanged = index;
        return false;
    }
}
