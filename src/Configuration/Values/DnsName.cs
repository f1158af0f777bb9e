namespace Spiffe.Agent.Configuration.Values;

/// <summary>Host names for certificates: RFC 1123 §2.1 labels in lower case, optionally behind one <c>*.</c> (RFC 6125 §6.4.3).</summary>
internal static class DnsName
{
    public const string Remedy = "write labels of [a-z0-9-] with dots between, at most 253 characters: web.example.org or *.web.example.org";

    private const int MaxLength = 253;
    private const int MaxLabel = 63;

    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxLength) return false;
        bool wildcard = name.StartsWith("*.", StringComparison.Ordinal);
        if (wildcard) name = name[2..];
        int labels = 0;
        bool lastIsNumber = false;
        foreach (Range range in name.Split('.'))
        {
            ReadOnlySpan<char> label = name[range];
            if (label.Length is 0 or > MaxLabel || label[0] == '-' || label[^1] == '-') return false;
            foreach (char c in label)
            {
                if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-') return false;
            }

            labels++;
            lastIsNumber = !label.ContainsAnyExceptInRange('0', '9');
        }

        // A last label of digits alone is an IPv4 address; a wildcard right below a top-level name would be half the internet.
        return !lastIsNumber && (!wildcard || labels >= 2);
    }
}
