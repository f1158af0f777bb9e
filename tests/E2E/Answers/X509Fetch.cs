using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Answers;

/// <summary>What <c>fetch x509 --output json</c> printed.</summary>
internal sealed class X509Fetch
{
    private readonly JsonElement _answer;

    private X509Fetch(JsonElement answer) => _answer = answer;

    /// <summary>The private keys, each as base64 lines of its PEM text: what must be found nowhere else.</summary>
    internal IEnumerable<string> Secrets => _answer.GetProperty("svids").EnumerateArray()
        .SelectMany(svid => svid.GetProperty("private_key").GetString()!.Split('\n')).Where(line => line.Length > 16 && !line.StartsWith('-'));

    internal static X509Fetch Of(CommandResult result) => new(JsonDocument.Parse(result.Text).RootElement);

    /// <summary>Asserts one SVID of this SPIFFE ID, whose key is the certificate's and whose chain ends in the bundle of its trust domain.</summary>
    internal X509Fetch HasOneValidSvid(string spiffeId)
    {
        JsonElement svid = Assert.Single(_answer.GetProperty("svids").EnumerateArray());
        Assert.Equal(spiffeId, svid.GetProperty("spiffe_id").GetString());
        X509Certificate2Collection chain = Certificates(svid.GetProperty("certificates"));
        using X509Certificate2 leaf = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), svid.GetProperty("private_key").GetString());
        Assert.True(leaf.HasPrivateKey);
        Assert.Contains("URI:" + spiffeId, leaf.Extensions.Single(e => e.Oid?.Value == "2.5.29.17").Format(multiLine: false), StringComparison.Ordinal);

        JsonElement bundle = Assert.Single(_answer.GetProperty("bundles").EnumerateArray());
        using X509Chain verifier = new();
        verifier.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        verifier.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        verifier.ChainPolicy.CustomTrustStore.AddRange(Certificates(bundle.GetProperty("authorities")));
        verifier.ChainPolicy.ExtraStore.AddRange(chain);
        Assert.True(verifier.Build(leaf), string.Join("; ", verifier.ChainStatus.Select(status => status.StatusInformation)));
        return this;
    }

    private static X509Certificate2Collection Certificates(JsonElement list)
    {
        X509Certificate2Collection certificates = [];
        foreach (JsonElement certificate in list.EnumerateArray()) certificates.ImportFromPem(certificate.GetProperty("pem").GetString());
        return certificates;
    }
}
