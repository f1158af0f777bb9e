using System.Buffers;
using System.Text;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>Finds every form of every secret in bytes, in one pass.</summary>
internal sealed class SecretFinder
{
    private const int Prefix = 8; // Characters that tell forms apart before they are compared whole.

    private readonly SearchValues<string> _forms;
    private readonly Dictionary<string, List<(string Form, Secret Secret)>> _byPrefix = new(StringComparer.Ordinal);

    public SecretFinder(IEnumerable<Secret> secrets)
    {
        HashSet<string> forms = new(StringComparer.Ordinal);
        foreach (Secret secret in secrets)
        {
            foreach (string form in secret.Forms.Where(form => form.Length >= Prefix))
            {
                forms.Add(form);
                if (!_byPrefix.TryGetValue(form[..Prefix], out List<(string, Secret)>? sharing)) _byPrefix.Add(form[..Prefix], sharing = []);
                sharing.Add((form, secret));
            }
        }

        _forms = SearchValues.Create([.. forms], StringComparison.Ordinal);
    }

    /// <summary>The secrets that are in there.</summary>
    public IReadOnlySet<Secret> Find(ReadOnlySpan<byte> bytes) => Find(Encoding.Latin1.GetString(bytes));

    /// <summary>The secrets that are in a text of which each character is a byte.</summary>
    public IReadOnlySet<Secret> Find(ReadOnlySpan<char> text)
    {
        HashSet<Secret> found = [];
        for (int at; (at = text.IndexOfAny(_forms)) >= 0; text = text[(at + 1)..])
        {
            ReadOnlySpan<char> rest = text[at..];
            foreach ((string form, Secret secret) in _byPrefix[rest[..Prefix].ToString()])
            {
                if (rest.StartsWith(form, StringComparison.Ordinal)) found.Add(secret);
            }
        }

        return found;
    }
}
