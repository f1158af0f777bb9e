using System.Buffers.Binary;
using System.Text;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification.Files;
using Spiffe.Agent.Audit.Verification.Tree;

namespace Spiffe.Agent.Audit.Verification.Bodies;

/// <summary>Opens the commitments of a bundle's entries with the bodies that are still kept. Safe from several threads.</summary>
internal sealed class BodyReader(LogFiles files)
{
    private const int HeadLength = sizeof(long) + sizeof(int);
    private const int MaxBody = Commitment.SaltLength + Commitment.MaxTextLength;
    private const int MaxFile = TilePath.Width * (HeadLength + MaxBody);

    /// <summary>The path of the bodies of a bundle.</summary>
    public static string PathOf(long bundle) => "bodies/" + TilePath.Entries(bundle)["tile/entries/".Length..];

    /// <param name="bundle">Its entries were read.</param>
    public void Read(CheckedBundle bundle)
    {
        bundle.Bodies.Clear();
        string path = PathOf(bundle.Index);
        bundle.BodyOutcome = files.Read(path, MaxFile, ref bundle.BodyBytes, out int length);
        bundle.BodyFault = bundle.BodyOutcome == FileOutcome.Done ? Split(bundle, length) : "";
        for (int i = 0; i < bundle.Count; i++) Open(bundle, i);
        if (bundle.BodyFault.Length > 0 || !bundle.HasEntries) return;
        foreach (long seq in bundle.Bodies.Keys)
        {
            // Bodies are there before the checkpoint that covers their entries.
            bool isLater = seq >= bundle.First + bundle.Width && seq < bundle.First + TilePath.Width;
            if (!isLater) bundle.BodyFault = $"holds a body for entry {seq}, which has none";
        }
    }

    // Index of the entry, length, both big endian; then salt and text.
    private static string Split(CheckedBundle bundle, int length)
    {
        int at = 0;
        while (at < length)
        {
            ReadOnlySpan<byte> rest = bundle.BodyBytes.AsSpan(at, length - at);
            if (rest.Length < HeadLength) return "its last body is torn";
            long seq = BinaryPrimitives.ReadInt64BigEndian(rest);
            int size = BinaryPrimitives.ReadInt32BigEndian(rest[sizeof(long)..]);
            if (size is < Commitment.SaltLength or > MaxBody || rest.Length - HeadLength < size) return "a body has not its length";
            if (!bundle.Bodies.TryAdd(seq, (at + HeadLength, size))) return $"holds two bodies for entry {seq}";
            at += HeadLength + size;
        }

        return "";
    }

    private static void Open(CheckedBundle bundle, int at)
    {
        bool hasBody = bundle.Bodies.TryGetValue(bundle.First + at, out (int Offset, int Length) body);
        if (Open(ref bundle.Entries[at], bundle.BytesOf(at).Span, hasBody ? bundle.BodyBytes.AsSpan(body.Offset, body.Length) : default)) bundle.Bodies.Remove(bundle.First + at);
    }

    /// <summary>Holds one body against the commitment of its entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="body">Salt and text; empty: they are not there.</param>
    /// <returns>Whether there is a commitment.</returns>
    public static bool Open(ref CheckedEntry entry, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> body)
    {
        bool isCommitted = entry.IsEntry & CommitmentScan.TryFind(entry.IsEntry ? bytes[entry.Envelope.Data] : default, out ReadOnlySpan<byte> digest);
        if (isCommitted && !body.IsEmpty) entry.BodyText = Commitment.Open(Encoding.UTF8.GetString(digest), body);
        entry.Body = body.IsEmpty ? isCommitted ? BodyState.Erased : BodyState.None : entry.BodyText is null ? BodyState.Changed : BodyState.Open;
        return isCommitted;
    }
}
