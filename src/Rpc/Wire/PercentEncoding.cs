using System.Buffers;
using System.Text;

namespace Spiffe.Agent.Rpc.Wire;

/// <summary>The coding of <c>grpc-message</c>: UTF-8, with every byte outside printable ASCII, and the percent sign, as %XX (Percent-Encoded).</summary>
internal static class PercentEncoding
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(" !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static string Encode(string text)
    {
        int first = text.AsSpan().IndexOfAnyExcept(Plain);
        if (first < 0) return text;
        StringBuilder coded = new(text, 0, first, text.Length + 32);
        foreach (byte b in Encoding.UTF8.GetBytes(text[first..]))
        {
            if (b is >= (byte)' ' and <= (byte)'~' and not (byte)'%') coded.Append((char)b);
            else coded.Append('%').Append("0123456789ABCDEF"[b >> 4]).Append("0123456789ABCDEF"[b & 15]);
        }

        return coded.ToString();
    }

    /// <summary>Never fails, as the protocol asks: what is not a %XX stays as it is, what is not UTF-8 becomes U+FFFD.</summary>
    public static string Decode(string coded)
    {
        if (!coded.Contains('%', StringComparison.Ordinal)) return coded;
        byte[] raw = Encoding.UTF8.GetBytes(coded);
        int length = 0;
        for (int i = 0; i < raw.Length; i++, length++)
        {
            bool escape = raw[i] == '%' && i + 2 < raw.Length && char.IsAsciiHexDigit((char)raw[i + 1]) && char.IsAsciiHexDigit((char)raw[i + 2]);
            if (escape)
            {
                raw[length] = (byte)((Digit(raw[i + 1]) << 4) | Digit(raw[i + 2]));
                i += 2;
            }
            else
            {
                raw[length] = raw[i];
            }
        }

        return Encoding.UTF8.GetString(raw, 0, length);
    }

    private static int Digit(byte hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
