using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Spiffe.Agent.Identity.Json;

/// <summary>Writes canonical JSON (RFC 8785). The caller names members in ascending order of their UTF-16 code units; nothing else is left to it.</summary>
/// <param name="capacity">Bytes that are expected, to begin with.</param>
public sealed class CanonicalWriter(int capacity = 256)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> Escaped = SearchValues.Create("\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    private readonly ArrayBufferWriter<byte> _bytes = new(capacity);
    private bool _needsComma;

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>The same, without a copy: for whoever is done with writing.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.WrittenMemory;

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    /// <summary>Begins anew, in the same memory: what <see cref="Written"/> and <see cref="WrittenMemory"/> gave is gone.</summary>
    public void Reset()
    {
        _bytes.ResetWrittenCount();
        _needsComma = false;
    }

    public void BeginObject() => Open((byte)'{');

    public void EndObject() => Close((byte)'}');

    public void BeginArray() => Open((byte)'[');

    public void EndArray() => Close((byte)']');

    public void Name(string name)
    {
        String(name);
        _bytes.Write(":"u8);
        _needsComma = false;
    }

    /// <exception cref="FormatException">The text holds half a surrogate pair.</exception>
    public void String(string text)
    {
        Separate();
        _bytes.Write("\""u8);
        ReadOnlySpan<char> rest = text;
        for (int at = rest.IndexOfAny(Escaped); at >= 0; at = rest.IndexOfAny(Escaped))
        {
            Utf8(rest[..at]);
            Escape(rest[at]);
            rest = rest[(at + 1)..];
        }

        Utf8(rest);
        _bytes.Write("\""u8);
    }

    public void Number(long value)
    {
        Separate();
        Utf8Formatter.TryFormat(value, _bytes.GetSpan(20), out int written);
        _bytes.Advance(written);
    }

    /// <summary>A number of at most 15 digits, at most 6 of them behind the point: there a decimal and what ECMAScript makes of the double look the same.</summary>
    public void Number(decimal value)
    {
        Separate();
        Utf8((value == 0 ? 0 : value).ToString("0.######", CultureInfo.InvariantCulture));
    }

    /// <summary>A finite double, as ECMAScript writes it. RFC 8785 §3.2.2.3.</summary>
    public void Number(double value)
    {
        Separate();
        Utf8(EcmaScriptNumber.Format(value));
    }

    public void Boolean(bool value)
    {
        Separate();
        _bytes.Write(value ? "true"u8 : "false"u8);
    }

    public void Null()
    {
        Separate();
        _bytes.Write("null"u8);
    }

    /// <summary>A value that is canonical already.</summary>
    public void Raw(ReadOnlySpan<byte> canonical)
    {
        Separate();
        _bytes.Write(canonical);
    }

    private void Open(byte bracket)
    {
        Separate();
        _bytes.Write([bracket]);
        _needsComma = false;
    }

    private void Close(byte bracket)
    {
        _bytes.Write([bracket]);
        _needsComma = true;
    }

    private void Separate()
    {
        if (_needsComma) _bytes.Write(","u8);
        _needsComma = true;
    }

    private void Utf8(ReadOnlySpan<char> text)
    {
        try
        {
            Strict.GetBytes(text, _bytes);
        }
        catch (EncoderFallbackException e)
        {
            throw new FormatException("a text is not valid Unicode", e);
        }
    }

    // §3.2.2.2: the short forms where there are any, four lower-case hexadecimal digits for the rest.
    private void Escape(char c)
    {
        ReadOnlySpan<byte> escape = c switch { '"' => "\\\""u8, '\\' => "\\\\"u8, '\b' => "\\b"u8, '\t' => "\\t"u8, '\n' => "\\n"u8, '\f' => "\\f"u8, '\r' => "\\r"u8, _ => [] };
        if (escape.IsEmpty) Utf8(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));
        else _bytes.Write(escape);
    }
}
