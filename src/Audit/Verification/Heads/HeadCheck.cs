using System.Globalization;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;

namespace Spiffe.Agent.Audit.Verification.Heads;

/// <summary>Holds heads against the tree as it grows past their sizes: those that the log keeps, and those that somebody else kept.</summary>
internal sealed class HeadCheck
{
    private readonly HeadFile _history;
    private readonly Queue<KeptHead> _kept;
    private readonly KeyHistory _keys;
    private readonly IReadOnlyList<NoteVerifierKey> _witnesses;
    private readonly FindingList _findings;

    public HeadCheck(HeadFile history, IEnumerable<KeptHead> kept, KeyHistory keys, IReadOnlyList<NoteVerifierKey> witnesses, FindingList findings)
    {
        _history = history;
        _keys = keys;
        _witnesses = witnesses;
        _findings = findings;
        _kept = new Queue<KeptHead>(kept.OrderBy(one => one.Head.Size));
    }

    /// <summary>Heads of the log's own that were held against the tree.</summary>
    public long Checked { get; private set; }

    /// <summary>Whether a head of at most that size waits: only then is a root needed.</summary>
    public bool Waits(long upTo) => _history.Current?.Head.Size <= upTo || (_kept.TryPeek(out KeptHead? kept) && kept.Head.Size <= upTo);

    /// <summary>Holds all that wait, up to a size, against the tree.</summary>
    /// <param name="upTo">How far the tree has grown.</param>
    /// <param name="rootAt">The root at a size that was not asked for before; null: it cannot be known, which is a fault that was found already.</param>
    public void Check(long upTo, Func<long, TreeHash?> rootAt)
    {
        for (; _history.Current is { } own && own.Head.Size <= upTo; _history.Next())
        {
            Checked++;
            Check(own.Note, own.Head, rootAt, HeadFile.Path, FindingKind.HistoryUnsigned, FindingKind.HistoryMismatch, "an older head has another root than the tree had then");
        }

        while (_kept.TryPeek(out KeptHead? kept) && kept.Head.Size <= upTo)
        {
            _kept.Dequeue();
            Check(kept.Note, kept.Head, rootAt, kept.Place, FindingKind.KeptRefused, FindingKind.Fork, "the log signed another history at this size: there are two");
        }
    }

    /// <summary>Whatever still waits is longer than the log.</summary>
    /// <param name="size">How many entries there are, journaled ones too.</param>
    /// <param name="isGrowing">The log grew meanwhile, so that its own newer heads mean nothing.</param>
    public void Finish(long size, bool isGrowing)
    {
        for (; !isGrowing && _history.Current is { } own; _history.Next()) Longer(own.Note, own.Head, size, HeadFile.Path, FindingKind.HistoryUnsigned);
        while (_kept.TryDequeue(out KeptHead? kept))
        {
            if (!isGrowing || kept.IsCallers) Longer(kept.Note, kept.Head, size, kept.Place, FindingKind.KeptRefused);
        }
    }

    private void Check(SignedNote note, Checkpoint head, Func<long, TreeHash?> rootAt, string place, FindingKind unsigned, FindingKind differs, string message)
    {
        string fault = _keys.FaultOf(head, note.Verify([.. _keys.Keys, .. _witnesses]));
        if (fault.Length > 0) _findings.Add(unsigned, place, head.Size, fault);
        else if (rootAt(head.Size) is { } root && root != head.Root) _findings.Add(differs, place, head.Size, message);
    }

    private void Longer(SignedNote note, Checkpoint head, long size, string place, FindingKind unsigned)
    {
        string fault = _keys.FaultOf(head, note.Verify([.. _keys.Keys, .. _witnesses]));
        if (fault.Length > 0) _findings.Add(unsigned, place, head.Size, fault);
        else _findings.Add(FindingKind.Rollback, place, head.Size, string.Create(CultureInfo.InvariantCulture, $"the log signed for {head.Size} entries, and has {size} now"));
    }
}
