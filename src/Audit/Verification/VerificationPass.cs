using System.Collections.Immutable;
using System.Text.Json;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification.Bodies;
using Spiffe.Agent.Audit.Verification.Files;
using Spiffe.Agent.Audit.Verification.Heads;
using Spiffe.Agent.Audit.Verification.Tail;
using Spiffe.Agent.Audit.Verification.Tree;
using Spiffe.Agent.Audit.Witnessing;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>One run over a directory: bundles are read and hashed on every core, and judged one after the other.</summary>
internal sealed class VerificationPass(LogFiles files, LogPolicy policy, DirectoryVerifier request, FindingList findings) : IDisposable
{
    private readonly HeadFile _history = new(files, findings);
    private readonly EntryChain _chain = new(findings, RecordEntry.None);
    private readonly LogCuts _cuts = new(findings);
    private readonly EntryTally _tally = new();
    private KeyHistory _keys = null!;
    private HeadCheck _heads = null!;
    private HigherTiles _above = null!;
    private BundleJudge _judge = null!;
    private SignedNote _note = null!;
    private Checkpoint _head = null!;
    private KeptHead? _witnessed;
    private long _journaled;
    private bool _isLost;

    public async Task<VerificationReport> RunAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<NoteVerifierKey> listed = KeyList.Read(files, findings);
        if (CheckpointFile.Read(files, findings) is not var (note, head)) return VerificationReport.Empty(findings);
        if (policy.TrustedOf(head.Origin, listed) is not { } trusted)
        {
            findings.Add(FindingKind.CheckpointUnsigned, TilePath.Checkpoint, head.Size, "no log is believed");
            return VerificationReport.Empty(findings);
        }

        (_note, _head) = (note, head);
        _keys = new KeyHistory(listed, trusted, findings);
        _witnessed = KeptHead.Witnessed(files, findings);
        IEnumerable<KeptHead> kept = [.. KeptHead.Of(request.Kept, findings), .. _witnessed is null ? (KeptHead[])[] : [_witnessed]];
        _heads = new HeadCheck(_history, kept, _keys, policy.Witnesses, findings);
        _above = new HigherTiles(files, head.Size, findings);
        _judge = new BundleJudge(_above, head.Root, findings);
        _heads.Check(0, _ => TreeHasher.Empty);
        await foreach (CheckedBundle bundle in new BundleFeed(files, head.Size).ReadAsync(cancellationToken))
        {
            Take(bundle);
            if (_isLost) break;
        }

        if (!_isLost) FinishTree();
        long size = _isLost ? head.Size : ReadJournal();
        bool isGrowing = CheckpointFile.SizeNow(files) > head.Size;
        if (isGrowing) findings.Add(FindingKind.Growing, TilePath.Checkpoint, head.Size, "the log grew meanwhile: what came after this size was not looked at");
        if (!_isLost) _heads.Finish(size, isGrowing);
        new FileWalk(files, head.Size, size, isGrowing, findings).Run();
        ImmutableArray<VerifiedSignature> witnesses = CheckHead();
        _keys.Finish(_cuts.Missing > 0);
        _cuts.Finish();
        return Report(witnesses);
    }

    public void Dispose() => _history.Dispose();

    private void Take(CheckedBundle bundle)
    {
        _judge.Judge(bundle);
        if (bundle.Outcome == FileOutcome.Missing) _cuts.Miss(bundle.First, bundle.Width, bundle.Path);
        ReadOnlySpan<TreeHash> leaves = _judge.Leaves;
        for (int i = 0; i < bundle.Count; i++)
        {
            bool isProven = !leaves.IsEmpty && leaves[i] == bundle.Leaves[i];
            if (_chain.Accept(bundle.First + i, bundle.Entries[i], bundle.BytesOf(i), isProven, bundle.Path)) Hand(bundle.BytesOf(i), bundle.Entries[i], isJournaled: false);
        }

        TakeBodies(bundle);
        if (!bundle.HasEntries) _chain.Break();
        CheckHeads(bundle);
        _isLost = leaves.IsEmpty && _judge.Hash is null;
        if (bundle.Width == TilePath.Width && _judge.Hash is { } hash) _above.Append(hash);
        request.Progress?.Invoke(bundle.First + bundle.Width, _head.Size);
    }

    private void TakeBodies(CheckedBundle bundle)
    {
        string path = BodyReader.PathOf(bundle.Index);
        if (bundle.BodyOutcome == FileOutcome.Unreadable) findings.Add(FindingKind.PrivateUnread, "bodies", null, "this user may not read them");
        else if (bundle.BodyOutcome is not (FileOutcome.Done or FileOutcome.Missing)) findings.Add(bundle.BodyOutcome, FindingKind.BodiesMalformed, path);
        if (bundle.BodyFault.Length > 0) findings.Add(FindingKind.BodiesMalformed, path, null, bundle.BodyFault);
        for (int i = 0; i < bundle.Count; i++)
        {
            _tally.Add(bundle.Entries[i].Body);
            if (bundle.Entries[i].Body == BodyState.Changed) findings.Add(FindingKind.BodyChanged, path, bundle.First + i, "is not what the entry committed to");
        }
    }

    // While the log is written, what lies behind the tiles moves: then nothing is said of it.
    private long ReadJournal()
    {
        FindingList own = new();
        Frontier tree = TreeEdge.Of(_above.Subtrees, _head.Size, [.. _judge.Leaves]);
        JournalCheck journal = new(files, tree, _chain.Previous, _keys, own)
        {
            Taken = (bytes, entry) =>
            {
                _tally.Add(entry.Body);
                Hand(bytes, entry, isJournaled: true);
            },
            Grown = () =>
            {
                if (_heads.Waits(tree.Size)) _heads.Check(tree.Size, _ => tree.Root);
            },
        };
        journal.Run();
        _journaled = tree.Size - _head.Size;
        if (CheckpointFile.SizeNow(files) == _head.Size) findings.AddAll(own);
        return tree.Size;
    }

    private void CheckHeads(CheckedBundle bundle)
    {
        long end = bundle.First + bundle.Width;
        if (!_heads.Waits(end)) return;
        TreeHash[] leaves = [.. _judge.Leaves];
        ImmutableArray<TreeHash> subtrees = _above.Subtrees;
        TreeHash? hash = _judge.Hash;
        _heads.Check(end, size => leaves.Length > 0 ? RootOf.Tree(subtrees, leaves.AsSpan(0, (int)(size - bundle.First)))
            : size == end && hash is { } whole ? RootOf.Tree(subtrees, [whole]) : null);
    }

    private void Hand(ReadOnlyMemory<byte> bytes, in CheckedEntry read, bool isJournaled)
    {
        _tally.Add(read.Envelope.At, bytes.Length);
        bool isOwn = bytes.Span[read.Envelope.Type].StartsWith("log_"u8);
        if (!isOwn && request.Observer is null) return;
        LogEntry entry = new(bytes, read.Envelope, read.BodyText, isJournaled);
        if (isOwn && entry.Type == RecordTypes.LogKey) _keys.Succeed(entry.Seq, Text(entry, "key"), isJournaled ? "journal" : TilePath.Entries(entry.Seq / TilePath.Width));
        if (isOwn && entry.Type == RecordTypes.LogCut) _cuts.Announce(Number(entry, "below"));
        request.Observer?.Invoke(entry);
    }

    private void FinishTree()
    {
        _above.Finish();
        int edge = (int)(_head.Size % TilePath.Width);
        TreeHash root = RootOf.Tree(_above.Subtrees, edge == 0 ? [] : _judge.Leaves);
        if (root != _head.Root) findings.Add(FindingKind.RootMismatch, TilePath.Checkpoint, _head.Size, "what is there leads to another root than the one that it names");
    }

    private ImmutableArray<VerifiedSignature> CheckHead()
    {
        NoteVerdict verdict = _note.Verify([.. _keys.Keys, .. policy.Witnesses]);
        string fault = _keys.FaultOf(_head, verdict);
        if (fault.Length > 0) findings.Add(FindingKind.CheckpointUnsigned, TilePath.Checkpoint, _head.Size, fault);
        if (!policy.HasQuorum(verdict)) verdict = CheckWitnessed(verdict);
        return [.. verdict.Signatures.Where(signature => signature.Key.Kind == SignatureKind.Cosignature)];
    }

    // Witnesses are asked behind the checkpoint: the newest head that enough have cosigned is an older one, kept beside it.
    private NoteVerdict CheckWitnessed(NoteVerdict newest)
    {
        NoteVerdict? verdict = _witnessed?.Note.Verify([.. _keys.Keys, .. policy.Witnesses]);
        if (verdict is null || !policy.HasQuorum(verdict))
        {
            findings.Add(FindingKind.QuorumMissing, TilePath.Checkpoint, _head.Size, "too few witnesses have cosigned it");
            return newest;
        }

        findings.Add(FindingKind.Unwitnessed, WitnessRounds.FileName, _witnessed!.Head.Size, "entries from here on are not cosigned by enough witnesses yet");
        return verdict;
    }

    private VerificationReport Report(ImmutableArray<VerifiedSignature> witnesses) => VerificationReport.Empty(findings) with
    {
        Origin = _head.Origin,
        Size = _head.Size,
        Root = _head.Root,
        Journaled = _journaled,
        Read = _tally.Entries,
        Bytes = _tally.Bytes,
        Times = _tally.Times,
        Keys = _keys.InForce,
        Witnesses = witnesses,
        Heads = _heads.Checked,
        Bodies = _tally.Bodies,
        Erased = _tally.Erased,
    };

    private static string? Text(LogEntry entry, string name) => Member(entry, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long Number(LogEntry entry, string name) => Member(entry, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long value) ? value : 0;

    private static JsonElement Member(LogEntry entry, string name) => entry.Parsed.Data.TryGetProperty(name, out JsonElement member) ? member : default;
}
