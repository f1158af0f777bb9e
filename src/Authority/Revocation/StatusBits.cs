using System.Buffers.Text;
using System.IO.Compression;

namespace Spiffe.Agent.Authority.Revocation;

/// <summary>States of two bits each, packed and compressed as a status list wants them (draft-ietf-oauth-status-list §4.1, §4.2).</summary>
public static class StatusBits
{
    /// <summary>Bits of one state: 0 valid, 1 invalid, 2 suspended (§7.1); 3 is not used here.</summary>
    public const int BitsPerStatus = 2;

    /// <summary>States in a byte.</summary>
    public const int PerByte = 8 / BitsPerStatus;

    private const int Mask = (1 << BitsPerStatus) - 1;

    /// <summary>The state at an index: the lowest bits of a byte come first.</summary>
    public static int Get(ReadOnlySpan<byte> packed, int index) => (packed[index / PerByte] >> Shift(index)) & Mask;

    /// <summary>Writes the state at an index, and touches no other.</summary>
    public static void Set(Span<byte> packed, int index, int status)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(status);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, Mask);
        ref byte at = ref packed[index / PerByte];
        at = (byte)((at & ~(Mask << Shift(index))) | (status << Shift(index)));
    }

    /// <summary><c>lst</c>: DEFLATE in the ZLIB format at the highest level, base64url without padding.</summary>
    internal static string Encode(ReadOnlySpan<byte> packed)
    {
        using MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.SmallestSize, leaveOpen: true)) zlib.Write(packed);
        return Base64Url.EncodeToString(compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
    }

    private static int Shift(int index) => index % PerByte * BitsPerStatus;
}
