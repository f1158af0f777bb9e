using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;

/// <summary>Makes connections to the kubelet, one at a time. Whoever gets one may send a token on it: the other end is known, or there is none.</summary>
internal sealed class KubeletConnector : IDisposable
{
    private readonly KubeletEndpoint _endpoint;
    private readonly KubeletTrust _trust;
    private readonly X509Certificate2? _certificate;
    private readonly SslStreamCertificateContext? _shown;
    private IPEndPoint? _ours;
    private IPEndPoint? _theirs;

    /// <summary>Throws <see cref="KubeletException"/> when the files hold no certificate, or no key of it.</summary>
    internal KubeletConnector(KubeletIdentity identity, KubeletEndpoint endpoint, TimeProvider clock)
    {
        _endpoint = endpoint;
        Identity = identity;
        string fault = $"{(identity.Pins ? "kubelet_certificate" : "ca_file")} holds no certificate in PEM";
        try
        {
            _trust = new KubeletTrust(identity, endpoint, clock);
            if (identity.ClientCertificate is null) return;
            fault = "client_certificate and client_key hold no certificate in PEM, or not its key";
            string pem = Encoding.ASCII.GetString(identity.ClientCertificate);
            _certificate = X509Certificate2.CreateFromPem(pem, Encoding.ASCII.GetString(identity.ClientKey!));
            X509Certificate2Collection others = [];
            others.ImportFromPem(pem);
            _shown = SslStreamCertificateContext.Create(_certificate, others, offline: true);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            _certificate?.Dispose();
            throw new KubeletException($"{endpoint.Name} is not asked: attestors.kubernetes.{fault}");
        }
    }

    /// <summary>What these connections rest on.</summary>
    internal KubeletIdentity Identity { get; }

    /// <summary>A verified stream to the kubelet, for HTTP to be spoken on.</summary>
    internal async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(_endpoint.Host, _endpoint.Port, cancellationToken);
            (_ours, _theirs) = ((IPEndPoint)socket.LocalEndPoint!, (IPEndPoint)socket.RemoteEndPoint!);
            stream = new NetworkStream(socket, ownsSocket: true);
            return _endpoint.IsSecure ? await SecureAsync(stream, cancellationToken) : stream;
        }
        catch
        {
            if (stream is not null) await stream.DisposeAsync();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>For connections without TLS: what has answered on the present one must be root's. Throws otherwise. Asked when the answer begins, because a socket that
    /// nobody has accepted yet has no owner.</summary>
    internal void CheckAnswered()
    {
        if (!_endpoint.IsSecure) RequireRoot();
    }

    public void Dispose() => _certificate?.Dispose();

    private void RequireRoot()
    {
        if (_ours is null || _theirs is null || !SocketOwner.IsRoot(_theirs, _ours))
            throw new KubeletException($"{_endpoint.Name} is not believed: root does not own the socket that answers, and nothing else shows that it is the kubelet");
    }

    private async ValueTask<Stream> SecureAsync(Stream inner, CancellationToken cancellationToken)
    {
        string? fault = null;
        SslStream secure = new(inner, leaveInnerStreamOpen: false);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = IPAddress.TryParse(_endpoint.NodeName, out _) ? "" : _endpoint.NodeName,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    ApplicationProtocols = [SslApplicationProtocol.Http11],
                    AllowTlsResume = false, // A resumed session would rest on a certificate that was good once.
                    AllowRenegotiation = false,
                    ClientCertificateContext = _shown,
                    CertificateChainPolicy = _trust.NewPolicy(),
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) => (fault = _trust.FaultOf(certificate as X509Certificate2, chain, errors)) is null,
                },
                cancellationToken);
            // The handshake is over, so the other end has been accepted and has an owner; what we show or send comes afterwards.
            if (_trust.TakesAny) RequireRoot();
            return secure;
        }
        catch (AuthenticationException) when (fault is not null)
        {
            await secure.DisposeAsync();
            throw new KubeletException($"{_endpoint.Name} is not believed: {fault}");
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }
}
