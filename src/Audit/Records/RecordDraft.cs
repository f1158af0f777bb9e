using System.Buffers.Text;
using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Audit.Records;

/// <summary>An entry that has all but its place: what comes before <c>prev</c> in canonical order is written already.</summary>
internal sealed class RecordDraft
{
    private const int HashLength = 43; // 32 bytes in base64url.
    private const int MaxDigits = 16; // Of RecordFields.MaxNumber.

    private const int UsualLength = 1_024; // Of most heads, in bytes.

    [ThreadStatic]
    private static CanonicalWriter? t_writer;

    private readonly byte[] _head;
    private readonly byte[] _type;

    /// <param name="type">Of the record.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="data">What is said.</param>
    /// <param name="commitment">To a text that belongs to it, or null.</param>
    /// <exception cref="ArgumentException">The type is not a name, or there are two commitments.</exception>
    public RecordDraft(string type, DateTimeOffset at, RecordFields data, string? commitment)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!RecordFields.IsName(type)) throw new ArgumentException("a type has lower-case letters, digits and underscores, a letter first", nameof(type));
        CanonicalWriter writer = t_writer ??= new CanonicalWriter(UsualLength);
        writer.Reset();
        writer.BeginObject();
        writer.Name("at");
        writer.String(RecordTime.Format(at));
        writer.Name("data");
        data.Write(writer, commitment);
        _head = writer.ToArray();
        _type = Encoding.ASCII.GetBytes(type);
    }

    /// <summary>How long it can become, in bytes.</summary>
    public int MaxLength => _head.Length + ",\"prev\":\"\",\"seq\":,\"type\":\"\"}".Length + HashLength + MaxDigits + _type.Length;

    /// <summary>Writes the entry at its place.</summary>
    /// <param name="destination">Of at least <see cref="MaxLength"/> bytes.</param>
    /// <param name="seq">Its index.</param>
    /// <param name="previous">Hash of the entry before.</param>
    /// <returns>How many bytes it has.</returns>
    public int Write(Span<byte> destination, long seq, TreeHash previous)
    {
        Span<byte> hash = stackalloc byte[TreeHash.Length];
        previous.CopyTo(hash);
        int at = 0;
        Put(destination, _head, ref at);
        Put(destination, ",\"prev\":\""u8, ref at);
        at += Base64Url.EncodeToUtf8(hash, destination[at..]);
        Put(destination, "\",\"seq\":"u8, ref at);
        Utf8Formatter.TryFormat(seq, destination[at..], out int digits);
        at += digits;
        Put(destination, ",\"type\":\""u8, ref at);
        Put(destination, _type, ref at);
        Put(destination, "\"}"u8, ref at);
        return at;
    }

    private static void Put(Span<byte> destination, ReadOnlySpan<byte> bytes, ref int at)
    {
        bytes.CopyTo(destination[at..]);
        at += bytes.Length;
    }
}
