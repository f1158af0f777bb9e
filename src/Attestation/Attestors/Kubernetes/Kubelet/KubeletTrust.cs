using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;

/// <summary>Says whether a serving certificate is our kubelet's: signed by the authorities, of this moment, for servers and for this node; or the very one that is pinned.</summary>
/// <remarks>A port on loopback may be taken by any user while the kubelet is down, so nothing but this tells who listens. Nothing is ever fetched to decide it.</remarks>
internal sealed class KubeletTrust
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    private readonly X509Certificate2Collection _certificates = [];
    private readonly KubeletEndpoint _endpoint;
    private readonly TimeProvider _clock;
    private readonly bool _pins;

    /// <summary>Throws <see cref="CryptographicException"/> when the PEM holds no certificate.</summary>
    internal KubeletTrust(KubeletIdentity identity, KubeletEndpoint endpoint, TimeProvider clock)
    {
        _endpoint = endpoint;
        _clock = clock;
        _pins = identity.Pins;
        TakesAny = identity.Trust is null;
        if (TakesAny) return;
        _certificates.ImportFromPem(Encoding.ASCII.GetString(identity.Trust!));
        if (_certificates.Count == 0) throw new CryptographicException("no certificate in it");
    }

    /// <summary>Whether any certificate will do, because the operator said so.</summary>
    internal bool TakesAny { get; }

    /// <summary>How a chain is built: on our authorities alone, without a download.</summary>
    internal X509ChainPolicy NewPolicy()
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // Kubernetes' authorities publish no revocation.
            DisableCertificateDownloads = true,
            VerificationTime = _clock.GetUtcNow().UtcDateTime,
        };
        policy.ApplicationPolicy.Add(ServerAuthentication);
        if (!_pins) policy.CustomTrustStore.AddRange(_certificates);
        return policy;
    }

    /// <summary>Why a certificate is not the kubelet's; null when it is.</summary>
    internal string? FaultOf(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (TakesAny) return null;
        if (certificate is null || chain is null) return "it shows no certificate";
        if (_pins) return certificate.RawDataMemory.Span.SequenceEqual(_certificates[0].RawDataMemory.Span) ? null : "its certificate is not the one in kubelet_certificate";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            X509ChainStatusFlags status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, one) => all | one.Status);
            return $"its certificate does not verify against ca_file ({status}); a kubelet that signs its own needs kubelet_certificate";
        }

        // Unlike the platform's own check: no wildcards, and the subject's common name does not count.
        return certificate.MatchesHostname(_endpoint.NodeName, allowWildcards: false, allowCommonName: false) ? null
            : $"its certificate is not for {_endpoint.NodeName}: set node_name to the node's name, as kubectl get nodes has it";
    }
}
