using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>The name of an entry: the first 80 bits of a SHA-256 over its id and its ordered selectors, in hexadecimal.</summary>
/// <remarks>80 bits tell a million entries apart with a chance of a clash below 10⁻¹²; a name only finds an entry and grants nothing.</remarks>
internal static class EntryName
{
    private const int Bytes = 10;

    public static string Of(IdTemplate id, SelectorSet selectors)
    {
        // Neither an id nor a selector holds control characters, so a newline cannot be forged.
        StringBuilder text = new(id.Text);
        foreach (Selector selector in selectors) text.Append('\n').Append(selector.Type).Append(':').Append(selector.Value);
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return Convert.ToHexStringLower(digest.AsSpan(0, Bytes));
    }
}
