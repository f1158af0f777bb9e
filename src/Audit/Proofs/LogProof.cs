using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;

namespace Spiffe.Agent.Audit.Proofs;

/// <summary>A receipt: shows offline, to whoever knows the log's key, that an entry is in the log. C2SP tlog-proof.</summary>
public sealed class LogProof
{
    /// <summary>Most hashes of a proof: a tree has fewer than 2^63 entries.</summary>
    public const int MaxPath = 63;

    /// <summary>Longest part above the checkpoint that is read, in bytes. Ours; most of it is for extra data, which we do not use.</summary>
    private const int MaxHeader = 1 << 16;

    private const string FirstLine = "c2sp.org/tlog-proof@v1";
    private const string ExtraWord = "extra ";
    private const string IndexWord = "index ";

    private LogProof(long index, ImmutableArray<TreeHash> path, SignedNote checkpoint) => (Index, Path, Checkpoint) = (index, path, checkpoint);

    /// <summary>Which entry.</summary>
    public long Index { get; }

    /// <summary>The hashes beside its way up, the leaf's neighbour first.</summary>
    public ImmutableArray<TreeHash> Path { get; }

    /// <summary>The signed head of the tree that it is in.</summary>
    public SignedNote Checkpoint { get; }

    /// <summary>Makes the receipt of one entry.</summary>
    /// <exception cref="ArgumentException">The note is not a checkpoint.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The entry is not in that tree.</exception>
    public static LogProof Of(long index, SignedNote checkpoint, NodeAt nodes)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (!Notes.Checkpoint.TryParse(checkpoint.Text, out Checkpoint? head, out string fault)) throw new ArgumentException(fault, nameof(checkpoint));
        return new LogProof(index, [.. InclusionProof.Of(index, head.Size, nodes)], checkpoint);
    }

    /// <summary>The receipt as it is stored, best in a file that ends in <c>.tlog-proof</c>.</summary>
    public byte[] ToArray()
    {
        StringBuilder header = new(FirstLine);
        header.Append(CultureInfo.InvariantCulture, $"\n{IndexWord}{Index}\n");
        foreach (TreeHash hash in Path) header.Append(CultureInfo.InvariantCulture, $"{hash}\n");
        return [.. Encoding.ASCII.GetBytes(header.Append('\n').ToString()), .. Checkpoint.ToArray()];
    }

    /// <summary>Reads a receipt; nothing of it is verified yet. Extra data, which nobody signed, is let pass and dropped.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="proof">The receipt, or null.</param>
    /// <param name="fault">What is wrong, or empty.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LogProof? proof, out string fault)
    {
        proof = null;
        int blank = bytes.IndexOf("\n\n"u8);
        if (blank is < 0 or > MaxHeader)
        {
            fault = "there is no blank line before a checkpoint";
            return false;
        }

        string[] lines = Encoding.UTF8.GetString(bytes[..blank]).Split('\n');
        int at = lines.Length > 1 && lines[1].StartsWith(ExtraWord, StringComparison.Ordinal) ? 2 : 1;
        long index = 0;
        List<TreeHash> path = [];
        fault = lines[0] != FirstLine ? $"the first line is not {FirstLine}"
            : at == 2 && !IsBase64(lines[1][ExtraWord.Length..]) ? "the extra data is not base64"
            : lines.Length <= at || !lines[at].StartsWith(IndexWord, StringComparison.Ordinal) || !Notes.Checkpoint.TryParseSize(lines[at][IndexWord.Length..], out index) ? "there is no index"
            : lines.Length - at - 1 > MaxPath ? $"more than {MaxPath} hashes"
            : "";
        if (fault.Length > 0) return false;
        foreach (string line in lines.AsSpan(at + 1))
        {
            if (!TreeHash.TryParse(line, out TreeHash hash)) fault = $"hash {path.Count + 1} is not 32 bytes in base64";
            path.Add(hash);
            if (fault.Length > 0) return false;
        }

        if (!SignedNote.TryParse(bytes[(blank + 2)..], out SignedNote? checkpoint, out fault)) return false;
        proof = new LogProof(index, [.. path], checkpoint);
        return true;
    }

    /// <summary>Whether the log has signed for a tree with this very entry at <see cref="Index"/>.</summary>
    /// <param name="entry">The entry, as it is in the log.</param>
    /// <param name="log">The log's key; its name is the log's origin.</param>
    /// <param name="witnesses">Keys of witnesses: whoever of them cosigned is in the verdict. Whether they are enough is the caller's to say.</param>
    public NoteVerdict Verify(ReadOnlySpan<byte> entry, NoteVerifierKey log, IReadOnlyCollection<NoteVerifierKey> witnesses)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(witnesses);
        NoteVerdict verdict = Checkpoint.Verify([log, .. witnesses]);
        if (!verdict.Accepted) return verdict;
        if (log.Kind != SignatureKind.Ed25519 || verdict.Signatures.All(signature => signature.Key != log)) return NoteVerdict.Refused("the log has not signed it");
        if (!Notes.Checkpoint.TryParse(Checkpoint.Text, out Checkpoint? head, out string fault)) return NoteVerdict.Refused($"the checkpoint: {fault}");
        if (!string.Equals(head.Origin, log.Name, StringComparison.Ordinal)) return NoteVerdict.Refused("the checkpoint is another log's");
        return InclusionProof.Verify(TreeHasher.Leaf(entry), Index, head.Size, Path, head.Root) ? verdict : NoteVerdict.Refused("the entry is not there");
    }

    private static bool IsBase64(string text) => Base64.IsValid(text);
}
