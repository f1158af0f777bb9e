using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Audit.Records;

/// <summary>An entry of the log, as canonical JSON (RFC 8785): <c>at</c>, <c>data</c>, <c>prev</c>, <c>seq</c> and <c>type</c>, nothing else.</summary>
/// <remarks>Each names its place and the SHA-256 of the one before, so that entries without their tree are a chain all the same.</remarks>
/// <param name="Seq">Its index in the log.</param>
/// <param name="Previous">SHA-256 of the bytes of the entry before; of the first, <see cref="None"/>.</param>
/// <param name="Type">What kind of thing happened.</param>
/// <param name="At">When, by the daemon's clock.</param>
/// <param name="Data">What else is said.</param>
public sealed record RecordEntry(long Seq, TreeHash Previous, string Type, DateTimeOffset At, JsonElement Data)
{
    /// <summary>Longest entry, in bytes.</summary>
    public const int MaxLength = EntryBundle.MaxEntryLength;

    private static readonly string[] Members = ["at", "data", "prev", "seq", "type"];

    /// <summary>What stands for the entry before the first: zeros.</summary>
    public static TreeHash None => default;

    /// <summary>What the next entry names as the one before it.</summary>
    public static TreeHash HashOf(ReadOnlySpan<byte> entry)
    {
        Span<byte> hash = stackalloc byte[TreeHash.Length];
        SHA256.HashData(entry, hash);
        return new TreeHash(hash);
    }

    /// <summary>The bytes of an entry.</summary>
    /// <exception cref="ArgumentException">The type is not a name, or the entry would be longer than <see cref="MaxLength"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative or beyond <see cref="RecordFields.MaxNumber"/>.</exception>
    public static byte[] Write(long seq, TreeHash previous, string type, DateTimeOffset at, RecordFields data)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(seq);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seq, RecordFields.MaxNumber);
        RecordDraft draft = new(type, at, data, commitment: null);
        byte[] entry = new byte[draft.MaxLength];
        int length = draft.Write(entry, seq, previous);
        return length <= MaxLength ? entry[..length] : throw new ArgumentException($"an entry has at most {MaxLength} bytes", nameof(data));
    }

    /// <summary>Reads what <see cref="Write"/> writes, byte for byte; data may hold other JSON, as long as it is canonical.</summary>
    /// <param name="bytes">The entry.</param>
    /// <param name="entry">What it says, or null.</param>
    /// <param name="fault">What is wrong, or empty.</param>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out RecordEntry? entry, out string fault)
    {
        entry = null;
        if (bytes.Length > MaxLength)
        {
            fault = $"longer than {MaxLength} bytes";
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = CanonicalScan.MaxDepth });
            fault = FaultOf(document.RootElement, bytes.Span);
            if (fault.Length == 0) fault = Read(document.RootElement, out entry);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            fault = "not JSON";
        }

        return entry is not null;
    }

    private static string FaultOf(JsonElement root, ReadOnlySpan<byte> bytes)
    {
        if (root.ValueKind != JsonValueKind.Object) return "not an object";
        if (!CanonicalJson.Of(root, exactNumbers: true).AsSpan().SequenceEqual(bytes)) return "not canonical"; // Two members of one name neither.
        return root.EnumerateObject().Select(member => member.Name).SequenceEqual(Members, StringComparer.Ordinal) ? "" : "its members are not at, data, prev, seq and type";
    }

    private static string Read(JsonElement root, out RecordEntry? entry)
    {
        entry = null;
        TreeHash previous = default;
        if (Text(root, "at") is not { } time || !RecordTime.TryParse(time, out DateTimeOffset at)) return "at is not a time in UTC with seven digits behind the second";
        if (root.GetProperty("data").ValueKind != JsonValueKind.Object) return "data is not an object";
        if (Text(root, "prev") is not { } prev || !HashText.TryParse(prev, out previous)) return "prev is not a SHA-256 in base64url";
        JsonElement number = root.GetProperty("seq");
        if (number.ValueKind != JsonValueKind.Number || !number.TryGetInt64(out long seq) || seq is < 0 or > RecordFields.MaxNumber) return "seq is not an index";
        if (Text(root, "type") is not { } type || !RecordFields.IsName(type)) return "type is not a name";
        entry = new RecordEntry(seq, previous, type, at, root.GetProperty("data").Clone());
        return "";
    }

    private static string? Text(JsonElement root, string name) => root.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
