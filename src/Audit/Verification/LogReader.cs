using System.Runtime.CompilerServices;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Proofs;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification.Files;
using Spiffe.Agent.Audit.Verification.Tree;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>Reads entries of a log's directory for people, as carefully as <see cref="DirectoryVerifier"/> does, and proves nothing: what it gives is what is there.</summary>
public sealed class LogReader : IDisposable
{
    private readonly LogFiles _files;

    private LogReader(LogFiles files) => _files = files;

    /// <summary>Entries that were left out because they are damaged or missing.</summary>
    public long Skipped { get; private set; }

    /// <returns>Null: there is no such directory, or it may not be read.</returns>
    public static LogReader? Open(string directory) => LogFiles.Open(directory) is { } files ? new LogReader(files) : null;

    /// <summary>The newest head, not verified; null: there is none that can be understood.</summary>
    public (SignedNote Note, Checkpoint Head)? Head() => CheckpointFile.Read(_files, new FindingList());

    /// <summary>The keys that the log says are its own, oldest first; worth nothing by themselves.</summary>
    public IReadOnlyList<NoteVerifierKey> Keys() => Heads.KeyList.Read(_files, new FindingList());

    /// <summary>Entries from one index to before another, in order.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">Behind the last; at most the size of the head.</param>
    /// <param name="size">Of that head.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Each is valid until the next is asked for.</returns>
    public async IAsyncEnumerable<LogEntry> ReadAsync(long from, long to, long size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (CheckedBundle bundle in new BundleFeed(_files, size, from / TilePath.Width, (to + TilePath.Width - 1) / TilePath.Width).ReadAsync(cancellationToken))
        {
            for (int i = (int)Math.Max(0, from - bundle.First); i < Math.Min(bundle.Width, to - bundle.First); i++)
            {
                bool isThere = i < bundle.Count && bundle.Entries[i].IsEntry && bundle.Entries[i].Envelope.Seq == bundle.First + i;
                if (isThere) yield return new LogEntry(bundle.BytesOf(i), bundle.Entries[i].Envelope, bundle.Entries[i].BodyText, isJournaled: false);
                else Skipped++;
            }
        }
    }

    /// <summary>Makes the receipt of an entry.</summary>
    /// <param name="index">Which one, below the size of the head.</param>
    /// <param name="note">The head.</param>
    /// <param name="leaf">The entry's hash.</param>
    /// <returns>Null: what is there does not lead to the head's root.</returns>
    /// <exception cref="TileException">A tile is missing or damaged.</exception>
    public LogProof? Prove(long index, SignedNote note, TreeHash leaf)
    {
        ArgumentNullException.ThrowIfNull(note);
        if (!Checkpoint.TryParse(note.Text, out Checkpoint? head, out string fault)) throw new ArgumentException(fault, nameof(note));
        LogProof proof = LogProof.Of(index, note, new CarefulTiles(_files, head.Size).Node);
        return InclusionProof.Verify(leaf, index, head.Size, proof.Path, head.Root) ? proof : null;
    }

    public void Dispose() => _files.Dispose();
}
