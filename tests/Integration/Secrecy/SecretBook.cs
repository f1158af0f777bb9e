using System.Buffers.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>Every secret that was issued while somebody looked, and to whom. For many threads.</summary>
internal sealed partial class SecretBook
{
    private readonly Lock _lock = new(); // guards _secrets
    private readonly Dictionary<string, Secret> _secrets = new(StringComparer.Ordinal);

    public IReadOnlyList<Secret> All
    {
        get
        {
            lock (_lock) return [.. _secrets.Values];
        }
    }

    /// <summary>How many of whom.</summary>
    public int CountOf(string holder) => All.Count(secret => secret.Holder == holder);

    public void AddKey(string name, string holder, ByteString pkcs8) => Add(name, holder, SecretForms.OfPkcs8(pkcs8.Span));

    /// <summary>A private key as JWK.</summary>
    public void AddJwk(string name, string holder, string jwk)
    {
        using JsonDocument document = JsonDocument.Parse(jwk);
        string[] members = [.. document.RootElement.EnumerateObject().Where(m => m.Name is "d" or "p" or "q" or "dp" or "dq" or "qi").Select(m => m.Value.GetString()!)];
        Assert.NotEmpty(members);
        Add(name, holder, [.. members.SelectMany(member => SecretForms.OfBytes(Base64Url.DecodeFromChars(member)))]);
    }

    public void AddToken(string name, string holder, string token) => Add(name, holder, SecretForms.OfToken(token));

    /// <summary>What a program printed that its agent gave it: PEM keys and compact tokens.</summary>
    public void AddPrinted(string holder, string output)
    {
        foreach (Match pem in Pem().Matches(output))
        {
            AddKey("printed key", holder, ByteString.CopyFrom(Convert.FromBase64String(pem.Groups[1].Value.Replace("\\n", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal))));
        }

        foreach (Match token in Token().Matches(output)) AddToken("printed token", holder, token.Value);
    }

    private void Add(string name, string holder, IReadOnlyList<string> forms)
    {
        lock (_lock) _secrets.TryAdd(forms[0], new Secret($"{name} #{_secrets.Count}", holder, forms));
    }

    [GeneratedRegex(@"-----BEGIN PRIVATE KEY-----((?:\\n|[A-Za-z0-9+/=\n])+)-----END PRIVATE KEY-----", RegexOptions.CultureInvariant)]
    private static partial Regex Pem();

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
