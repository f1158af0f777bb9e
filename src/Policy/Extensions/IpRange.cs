using System.Globalization;

namespace Spiffe.Agent.Policy.Extensions;

/// <summary>
/// An IPv4 or IPv6 address with a prefix; a single address has the longest. Equal where address and prefix are: <c>10.0.0.1/24</c> is not <c>10.0.0.0/24</c>,
/// and no IPv4 address equals an IPv6 one. Cedar docs, "ipaddr".
/// </summary>
public sealed record IpRange
{
    private const int MaxLength = 43;

    private IpRange(UInt128 address, bool isIpv6, int prefix) => (Address, IsIpv6, Prefix) = (address, isIpv6, prefix);

    /// <summary>The address as a number of 32 or 128 bits.</summary>
    public UInt128 Address { get; }

    public bool IsIpv6 { get; }

    /// <summary>How many leading bits name the network.</summary>
    public int Prefix { get; }

    private int Bits => IsIpv6 ? 128 : 32;

    /// <summary>Reads <c>10.0.0.1</c>, <c>10.0.0.0/8</c>, <c>::1</c> or <c>ffee::/64</c>. IPv4 within IPv6 and leading zeros are refused, as are names of interfaces.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpRange? value)
    {
        value = null;
        if (text.Length > MaxLength) return false;
        int slash = text.IndexOf('/');
        ReadOnlySpan<char> address = slash < 0 ? text : text[..slash];
        bool isIpv6 = address.Contains(':');
        UInt128 number;
        if (isIpv6 ? !TryIpv6(address, out number) : !TryIpv4(address, out number)) return false;
        int bits = isIpv6 ? 128 : 32;
        int prefix = bits;
        if (slash >= 0 && !TryPrefix(text[(slash + 1)..], bits, out prefix)) return false;
        value = new IpRange(number, isIpv6, prefix);
        return true;
    }

    /// <summary>Whether all of it is in 127.0.0.0/8 or is ::1.</summary>
    public bool IsLoopback => IsIpv6 ? Address == UInt128.One && Prefix == 128 : Address >> 24 == 127 && Prefix >= 8;

    /// <summary>Whether all of it is in 224.0.0.0/4 or in ff00::/8.</summary>
    public bool IsMulticast => IsIpv6 ? Address >> 120 == 0xFF && Prefix >= 8 : Address >> 28 == 14 && Prefix >= 4;

    /// <summary>Whether all of it is in the other; never across versions.</summary>
    public bool IsInRange(IpRange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (IsIpv6 != other.IsIpv6) return false;
        UInt128 mine = MaskOf(Bits - Prefix), theirs = MaskOf(Bits - other.Prefix);
        return (other.Address & ~theirs) <= (Address & ~mine) && (Address | mine) <= (other.Address | theirs);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{AddressText()}/{Prefix}");

    private static UInt128 MaskOf(int hostBits) => hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - UInt128.One;

    private string AddressText()
    {
        byte[] bytes = new byte[Bits / 8];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)((Address >> (Bits - 8 - (8 * i))) & 0xFF);
        return IsIpv6 ? string.Join(':', Enumerable.Range(0, 8).Select(i => ((bytes[2 * i] << 8) | bytes[(2 * i) + 1]).ToString("x", CultureInfo.InvariantCulture))) : string.Join('.', bytes);
    }

    private static bool TryIpv4(ReadOnlySpan<char> text, out UInt128 number)
    {
        number = 0;
        for (int i = 0; i < 4; i++)
        {
            int end = i < 3 ? text.IndexOf('.') : text.Length;
            if (end is < 1 or > 3 || !Digits.AreAll(text[..end]) || (end > 1 && text[0] == '0') || Digits.Value(text[..end]) > 255) return false;
            number = (number << 8) | (UInt128)Digits.Value(text[..end]);
            text = i < 3 ? text[(end + 1)..] : [];
        }

        return true;
    }

    private static bool TryIpv6(ReadOnlySpan<char> text, out UInt128 number)
    {
        number = 0;
        int gap = text.IndexOf("::", StringComparison.Ordinal);
        if (gap < 0) return TryGroups(text, out number, out int all) && all == 8;
        if (!TryGroups(text[..gap], out UInt128 head, out int before) || !TryGroups(text[(gap + 2)..], out UInt128 tail, out int after)) return false;
        if (before + after > 7) return false;
        number = (before == 0 ? UInt128.Zero : head << (128 - (16 * before))) | tail;
        return true;
    }

    /// <summary>Groups of one to four hexadecimal digits with colons between them; none at all for empty text.</summary>
    private static bool TryGroups(ReadOnlySpan<char> text, out UInt128 number, out int count)
    {
        number = 0;
        count = 0;
        if (text.IsEmpty) return true;
        while (true)
        {
            int end = text.IndexOf(':');
            ReadOnlySpan<char> group = end < 0 ? text : text[..end];
            if (group.Length is 0 or > 4 || ++count > 8) return false;
            if (!ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value)) return false;
            number = (number << 16) | value;
            if (end < 0) return true;
            text = text[(end + 1)..];
        }
    }

    private static bool TryPrefix(ReadOnlySpan<char> text, int bits, out int prefix)
    {
        prefix = 0;
        if (text.Length > (bits == 32 ? 2 : 3) || !Digits.AreAll(text) || (text.Length > 1 && text[0] == '0')) return false;
        prefix = Digits.Value(text);
        return prefix <= bits;
    }
}
