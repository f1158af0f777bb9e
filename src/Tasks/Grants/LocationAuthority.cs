using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Host and port of a location. RFC 3986 §3.2, read narrowly: a host that two parsers could take for two machines is refused.</summary>
internal static class LocationAuthority
{
    private const int MaxHostLength = 253;

    public static bool TryRead(string scheme, ReadOnlySpan<char> text, [NotNullWhen(true)] out string? authority, [NotNullWhen(false)] out string? error)
    {
        authority = null;
        if (text.Contains('@')) return Fail("a location names no user", out error);
        bool isFile = string.Equals(scheme, "file", StringComparison.Ordinal);
        if (text.IsEmpty || isFile)
        {
            authority = "";
            error = null;
            return (isFile && text.IsEmpty) || Fail(isFile ? "a file has no host: file:///path" : "a location has a host", out error);
        }

        int hostEnd = text[0] == '[' ? text.IndexOf(']') + 1 : text.IndexOf(':');
        if (hostEnd < 0) hostEnd = text.Length;
        ReadOnlySpan<char> rest = text[hostEnd..];
        if (!TryHost(text[..hostEnd], out string? host)) return Fail("a host is a name of letters, digits, hyphens and underscores between points, or a plain address", out error);
        if (rest.IsEmpty)
        {
            (authority, error) = (host, null);
            return true;
        }

        // A port is written without leading zeros, and not at all where it is the scheme's own.
        if (rest[0] != ':' || rest.Length is < 2 or > 6 || rest[1] == '0'
            || !ushort.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)) return Fail("a port is a number from 1 to 65535", out error);
        authority = port == DefaultPort(scheme) ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        error = null;
        return true;
    }

    private static int DefaultPort(string scheme) => scheme switch { "https" or "wss" => 443, "http" or "ws" => 80, "ssh" => 22, "ftp" => 21, _ => 0 };

    private static bool TryHost(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? host)
    {
        host = null;
        if (text.IsEmpty || text.Length > MaxHostLength) return false;
        if (text[0] == '[') return TryAddress(text, out host);
        if (!IsName(text)) return false;
        int lastLabel = text.LastIndexOf('.') + 1;

        // What ends like a number is an IPv4 address to many resolvers, in bases and lengths of their own: only the plain form will do.
        bool looksNumeric = !text[lastLabel..].ContainsAnyExceptInRange('0', '9') || text[lastLabel..].StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (looksNumeric && !(IPAddress.TryParse(text, out IPAddress? address) && text.SequenceEqual(address.ToString()))) return false;
        host = text.ToString().ToLowerInvariant();
        return true;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> label = text[range];
            if (label.IsEmpty || label.Length > 63) return false;
            foreach (char c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;
            }
        }

        return true;
    }

    // IPv6 alone, without a zone, in the one spelling of RFC 5952.
    private static bool TryAddress(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? host)
    {
        host = null;
        if (text.Length < 4 || text[^1] != ']' || text.Contains('%')) return false;
        if (!IPAddress.TryParse(text[1..^1], out IPAddress? address) || address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6) return false;
        host = $"[{address}]";
        return true;
    }

    private static bool Fail(string message, out string error)
    {
        error = message;
        return false;
    }
}
