using System.Buffers;
using System.Text;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>The three parts of a JWS in compact serialization (RFC 7515 §3.1), decoded into one pooled buffer that is cleared when given back.</summary>
internal ref struct CompactJws : IDisposable
{
    /// <summary>Longest token that is read, in characters. Ours: what fits into a common HTTP header, twice over.</summary>
    public const int MaxLength = 16 * 1024;

    private byte[]? _buffer;

    private CompactJws(byte[] buffer) => _buffer = buffer;

    /// <summary>The JOSE header's JSON.</summary>
    public ReadOnlyMemory<byte> Header { get; private set; }

    /// <summary>The bytes that were signed for: here always the claims' JSON.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    public ReadOnlyMemory<byte> Signature { get; private set; }

    /// <summary>The ASCII text that the signature covers: the first two parts and the dot between them.</summary>
    public ReadOnlyMemory<byte> SigningInput { get; private set; }

    /// <summary>Splits and decodes. Exactly three parts, none empty, each strict base64url; no signature is checked here.</summary>
    public static bool TryParse(ReadOnlySpan<char> token, out CompactJws jws)
    {
        jws = default;
        if (token.IsEmpty || token.Length > MaxLength) return false;

        byte[] buffer = ArrayPool<byte>.Shared.Rent(token.Length * 2);
        jws = new CompactJws(buffer);
        if (jws.Decode(token)) return true;
        jws.Dispose();
        return false;
    }

    public void Dispose()
    {
        if (_buffer is null) return;
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = null;
    }

    private bool Decode(ReadOnlySpan<char> token)
    {
        if (Ascii.FromUtf16(token, _buffer, out int length) != OperationStatus.Done) return false;
        ReadOnlySpan<byte> ascii = _buffer.AsSpan(0, length);
        int first = ascii.IndexOf((byte)'.');
        int last = ascii.LastIndexOf((byte)'.');
        if (first <= 0 || last <= first + 1 || last == length - 1) return false;

        int at = length;
        if (!TryDecode(ascii[..first], ref at, out ReadOnlyMemory<byte> header)) return false;
        // A fourth part would put a dot in here, and a dot is not base64url.
        if (!TryDecode(ascii[(first + 1)..last], ref at, out ReadOnlyMemory<byte> payload)) return false;
        if (!TryDecode(ascii[(last + 1)..], ref at, out ReadOnlyMemory<byte> signature)) return false;
        (Header, Payload, Signature, SigningInput) = (header, payload, signature, _buffer.AsMemory(0, last));
        return true;
    }

    private readonly bool TryDecode(ReadOnlySpan<byte> text, ref int at, out ReadOnlyMemory<byte> part)
    {
        part = default;
        if (!StrictBase64Url.TryDecode(text, _buffer.AsSpan(at), out int written)) return false;
        part = _buffer.AsMemory(at, written);
        at += written;
        return true;
    }
}
