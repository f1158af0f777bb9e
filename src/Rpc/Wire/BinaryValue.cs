using System.Buffers;

namespace Spiffe.Agent.Rpc.Wire;

/// <summary>Values of <c>-bin</c> keys: base64, padded or not; several in one header are separated by commas (Binary-Header).</summary>
internal static class BinaryValue
{
    /// <summary>Written without padding, as the protocol prefers.</summary>
    public static string Encode(byte[] value) => Convert.ToBase64String(value).TrimEnd('=');

    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] value)
    {
        value = [];
        text = text.Trim(' ').TrimEnd('=');
        if (text.Length % 4 == 1 || text.ContainsAny(Blanks)) return false;
        int padded = checked((text.Length + 3) / 4 * 4);
        char[] rented = ArrayPool<char>.Shared.Rent(padded);
        text.CopyTo(rented);
        rented.AsSpan(text.Length, padded - text.Length).Fill('=');
        byte[] decoded = new byte[padded / 4 * 3];
        bool valid = Convert.TryFromBase64Chars(rented.AsSpan(0, padded), decoded, out int written);
        ArrayPool<char>.Shared.Return(rented);
        if (valid) value = decoded[..written];
        return valid;
    }

    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n=");
}
