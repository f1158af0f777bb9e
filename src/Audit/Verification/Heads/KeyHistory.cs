using System.Collections.Immutable;
using Spiffe.Agent.Audit.Notes;

namespace Spiffe.Agent.Audit.Verification.Heads;

/// <summary>Which key of the log is in force at which size, and whether the trust in the one that the caller gave reaches that far. docs/audit.md.</summary>
internal sealed class KeyHistory
{
    /// <summary>Most keys of one log. Ours: one a day for a quarter of a century.</summary>
    public const int MaxKeys = 10_000;

    private readonly FindingList _findings;
    private readonly List<NoteVerifierKey> _keys;
    private readonly List<Succession> _successions = [];
    private readonly SortedSet<int> _early = [];
    private readonly int _trusted;

    /// <param name="listed">What <c>log.vkey</c> lists; nothing, where it cannot be read.</param>
    /// <param name="trusted">The key that the caller trusts.</param>
    /// <param name="findings">Where what is wrong goes.</param>
    public KeyHistory(ImmutableArray<NoteVerifierKey> listed, NoteVerifierKey trusted, FindingList findings)
    {
        _findings = findings;
        _keys = [.. listed];
        _trusted = IndexOf(trusted);
        if (_trusted >= 0) return;
        if (!listed.IsEmpty) findings.Add(FindingKind.KeysDiffer, KeyList.Path, null, "the key that is trusted is not among the log's");
        (_keys, _trusted) = ([trusted], 0);
    }

    public IReadOnlyCollection<NoteVerifierKey> Keys => _keys;

    /// <summary>The log's name.</summary>
    public string Origin => _keys[0].Name;

    /// <summary>The log names its next key.</summary>
    /// <param name="index">The entry's.</param>
    /// <param name="text">The key as the entry has it.</param>
    /// <param name="place">The entry's file.</param>
    public void Succeed(long index, string? text, string place)
    {
        if (!NoteVerifierKey.TryParse(text ?? "", out NoteVerifierKey? key, out _) || key.Kind != SignatureKind.Ed25519 || !string.Equals(key.Name, _keys[0].Name, StringComparison.Ordinal) || _keys.Count == MaxKeys)
        {
            _findings.Add(FindingKind.KeysDiffer, place, index, "names no key of this log");
            return;
        }

        int last = _successions.Count > 0 ? _successions[^1].Position : -1;
        int position = IndexOf(key);
        if (position < 0)
        {
            position = last < 0 ? _keys.Count : last + 1;
            _keys.Insert(position, key);
            _findings.Add(FindingKind.KeysDiffer, KeyList.Path, index, "does not list the key that this entry names");
        }
        else if (position == 0 || (last >= 0 && position != last + 1))
        {
            _findings.Add(FindingKind.KeysDiffer, KeyList.Path, index, "lists its keys in another order than the entries name them");
            return;
        }

        _successions.Add(new Succession(index + 1, position, place));
    }

    /// <summary>Holds the signature of a head against the key in force at its size.</summary>
    /// <param name="head">What it says.</param>
    /// <param name="verdict">What came of verifying its signatures with <see cref="Keys"/>.</param>
    /// <returns>What is wrong, or empty.</returns>
    public string FaultOf(Checkpoint head, NoteVerdict verdict)
    {
        if (!verdict.Accepted) return verdict.Fault;
        if (!string.Equals(head.Origin, _keys[0].Name, StringComparison.Ordinal)) return "it is another log's";
        HashSet<int> signers = [.. verdict.Signatures.Select(signature => IndexOf(signature.Key)).Where(position => position >= 0)];
        if (signers.Count == 0) return "no key of the log has signed it";
        if (_successions.Find(s => s.From == head.Size) is { } succession && signers.Contains(succession.Position - 1)) succession.IsVouched = true;
        if (_successions.FindLast(s => s.From < head.Size) is not { } last) _early.Add(signers.Min());
        else if (!signers.Contains(last.Position)) return "the key that signed it was not in force at that size";
        return "";
    }

    /// <summary>Holds the signature of something that is no head against the key in force at its size.</summary>
    /// <returns>What is wrong, or empty.</returns>
    public string FaultOf(long size, ReadOnlySpan<byte> statement, ReadOnlySpan<byte> signature)
    {
        for (int position = _keys.Count - 1; position >= 0; position--)
        {
            if (!_keys[position].Verify(statement, signature, out _)) continue;
            if (_successions.FindLast(s => s.From < size) is not { } last) _early.Add(position);
            else if (position != last.Position) return "the key that signed it was not in force at that size";
            return "";
        }

        return "no key of the log has signed it";
    }

    /// <summary>Looks at all of it once every entry and head was seen.</summary>
    /// <param name="isCut">Whether old entries are missing, and with them perhaps some that named keys.</param>
    public void Finish(bool isCut)
    {
        int first = _successions.Count > 0 ? _successions[0].Position - 1 : isCut ? _keys.Count - 1 : 0;
        if (!isCut && (first != 0 || _successions.Count != _keys.Count - 1)) _findings.Add(FindingKind.KeysDiffer, KeyList.Path, null, "lists keys that no entry names");
        if (_early.Any(position => position > first || (position < first && !isCut))) _findings.Add(FindingKind.KeyNotVouched, KeyList.Path, null, "heads are signed by a key before an entry named it");
        if (_trusted < first) _findings.Add(FindingKind.KeyNotVouched, KeyList.Path, null, "the entries that named the keys after the trusted one are not kept: trust a later key");
        foreach (Succession succession in _successions.Where(s => s.Position > Math.Max(_trusted, first) && !s.IsVouched))
        {
            _findings.Add(FindingKind.KeyNotVouched, succession.Place, succession.From - 1, "no head of just this size, signed by the key before, vouches for the key that this entry names");
        }
    }

    /// <summary>For the report: each key with the size beyond which it signs.</summary>
    public ImmutableArray<(long Beyond, NoteVerifierKey Key)> InForce =>
        [(0, _keys[_successions.Count > 0 ? Math.Max(0, _successions[0].Position - 1) : _trusted]), .. _successions.Select(s => (s.From, _keys[s.Position]))];

    private int IndexOf(NoteVerifierKey key) => _keys.FindIndex(other => other.Kind == key.Kind && other.Id == key.Id && string.Equals(other.Name, key.Name, StringComparison.Ordinal) && other.PublicKey.AsSpan().SequenceEqual(key.PublicKey.AsSpan()));
}
