namespace Spiffe.Agent.Identity.X509;

/// <summary>What may be written as a DNS name into an X.509-SVID.</summary>
public static class DnsName
{
    /// <summary>Longest name, in characters (RFC 1035 §2.3.4).</summary>
    public const int MaxLength = 253;

    /// <summary>Longest label, in characters (RFC 1035 §2.3.4).</summary>
    public const int MaxLabelLength = 63;

    /// <summary>Labels of [A-Za-z0-9-] that neither begin nor end with a dash; the first of at least three may be <c>*</c> (RFC 9525 §6.3).</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxLength) return false;
        if (name.StartsWith("*.", StringComparison.Ordinal))
        {
            name = name[2..];
            if (!name.Contains('.')) return false;
        }

        foreach (Range range in name.Split('.'))
        {
            if (!IsLabel(name[range])) return false;
        }

        return true;
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.IsEmpty || label.Length > MaxLabelLength || label[0] == '-' || label[^1] == '-') return false;
        foreach (char c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
        }

        return true;
    }
}
