using System.Security.Cryptography;
using Google.Protobuf;
using Spiffe.Agent.Cli.Certificates;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Protocols.Workload;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary>One whole answer of FetchX509SVID.</summary>
/// <param name="Identities">At least one; the first is the default one.</param>
/// <param name="Bundles">Authorities by trust domain: those of the identities themselves, then federated ones.</param>
/// <param name="Crls">DER.</param>
internal sealed record X509Update(IReadOnlyList<X509Identity> Identities, IReadOnlyList<X509Bundle> Bundles, IReadOnlyList<ByteString> Crls)
{
    /// <exception cref="FaultException">The answer is not what the Workload API promises (§5.2.1).</exception>
    public static X509Update Read(X509SVIDResponse response, EndpointAddress address)
    {
        if (response.Svids.Count == 0) throw Malformed("no SVID in it", address);
        try
        {
            X509Identity[] identities = [.. response.Svids.Select((svid, i) => Identity(svid, isDefault: i == 0, address))];
            IEnumerable<X509Bundle> own = response.Svids
                .Select(svid => X509Bundle.Read(svid.SpiffeId, svid.Bundle, isFederated: false))
                .DistinctBy(bundle => bundle.TrustDomain, StringComparer.Ordinal);
            IEnumerable<X509Bundle> federated = response.FederatedBundles
                .Select(bundle => X509Bundle.Read(bundle.Key, bundle.Value, isFederated: true))
                .OrderBy(bundle => bundle.TrustDomain, StringComparer.Ordinal);
            return new X509Update(identities, [.. own, .. federated], [.. response.Crl]);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw Malformed(e.Message, address);
        }
    }

    /// <summary>This identity alone, still with every bundle.</summary>
    /// <exception cref="FaultException">It is not among them.</exception>
    public X509Update Only(SpiffeId? id, EndpointAddress address)
    {
        if (id is null) return this;
        X509Identity[] wanted = [.. Identities.Where(i => string.Equals(i.SpiffeId, id.ToString(), StringComparison.Ordinal))];
        return wanted.Length > 0 ? this with { Identities = wanted } : throw new FaultException(new Fault(
            ExitCodes.PermissionDenied,
            $"{address.Option.Purpose}: this process is not entitled to that identity",
            id.ToString(),
            $"it gets {string.Join(", ", Identities.Select(i => i.SpiffeId))}"));
    }

    private static X509Identity Identity(X509SVID svid, bool isDefault, EndpointAddress address)
    {
        IReadOnlyList<CertificateView> chain = CertificateView.ReadAll(svid.X509Svid.Memory);
        if (chain.Count == 0) throw Malformed($"{svid.SpiffeId} has no certificate", address);
        return new X509Identity(svid.SpiffeId, svid.Hint, isDefault, chain, svid.X509SvidKey);
    }

    private static FaultException Malformed(string what, EndpointAddress address) => new(CallFaults.Malformed(what, address));
}
