using System.Globalization;
using System.Net;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;

/// <summary>Where the kubelet is asked, as options that cannot be wrong: a combination that would give a token or a belief to whoever listens is refused here.</summary>
internal sealed class KubeletEndpoint
{
    private KubeletEndpoint(Uri address, string name, bool isSecure, bool isOnLoopback, string nodeName)
    {
        Host = address.IdnHost;
        Port = address.Port;
        Name = string.Create(CultureInfo.InvariantCulture, $"kubelet {name}");
        IsSecure = isSecure;
        IsOnLoopback = isOnLoopback;
        NodeName = nodeName;
        // TLS is spoken below HTTP, on a connection that is handed over when the kubelet is known.
        Pods = new UriBuilder(Uri.UriSchemeHttp, address.Host, address.Port, "pods").Uri;
    }

    /// <summary>Name or address to connect to.</summary>
    internal string Host { get; }

    internal int Port { get; }

    /// <summary>For people: <c>kubelet 127.0.0.1:10250</c>.</summary>
    internal string Name { get; }

    /// <summary>Whether TLS is spoken.</summary>
    internal bool IsSecure { get; }

    /// <summary>Whether it is this machine for certain: an address of 127.0.0.0/8, or ::1.</summary>
    internal bool IsOnLoopback { get; }

    /// <summary>What the serving certificate must be called.</summary>
    internal string NodeName { get; }

    /// <summary>The question.</summary>
    internal Uri Pods { get; }

    /// <summary>The endpoint of these options; null when we have nothing to be known by: no token, no certificate, and the agent runs in no pod with a service account.
    /// Throws <see cref="ArgumentException"/> for what may not be.</summary>
    internal static KubeletEndpoint? Of(KubeletOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Uri address = options.Kubelet ?? new Uri("https://127.0.0.1:10250");
        bool isSecure = address.IsAbsoluteUri && address.Scheme == Uri.UriSchemeHttps;
        bool isOnLoopback = address.IsAbsoluteUri && IPAddress.TryParse(address.IdnHost, out IPAddress? ip) && IPAddress.IsLoopback(ip);
        string? fault = FaultOf(options, address, isSecure, isOnLoopback);
        if (fault is not null) throw new ArgumentException(fault, nameof(options));
        if (isSecure && !HasCredentials(options)) return null;
        string nodeName = options.NodeName ?? (isOnLoopback ? Dns.GetHostName() : address.IdnHost);
        return new KubeletEndpoint(address, address.Authority, isSecure, isOnLoopback, nodeName);
    }

    private static bool HasCredentials(KubeletOptions options) =>
        options.TokenFile is not null || options.ClientCertificate is not null || File.Exists(Path.Combine(options.ServiceAccount, "token"));

    private static string? FaultOf(KubeletOptions options, Uri address, bool isSecure, bool isOnLoopback)
    {
        if (!address.IsAbsoluteUri || !(isSecure || address.Scheme == Uri.UriSchemeHttp)) return "kubelet: write https://host:port";
        if (address.AbsolutePath != "/" || address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0) return "kubelet: only https://host:port, nothing behind it";
        if (!isSecure && !isOnLoopback) return "kubelet: http is for the read-only port on a loopback address; elsewhere anybody on the way could answer";
        if (options.InsecureSkipVerification && !isOnLoopback) return "insecure_skip_verification: only for a kubelet at a loopback address";
        if (options.InsecureSkipVerification && (options.CaFile is not null || options.KubeletCertificate is not null)) return "insecure_skip_verification: contradicts ca_file and kubelet_certificate";
        if (options.CaFile is not null && options.KubeletCertificate is not null) return "ca_file and kubelet_certificate: give one of them";
        if ((options.ClientCertificate is null) != (options.ClientKey is null)) return "client_certificate and client_key: give both or neither";
        if (options.ClientCertificate is not null && options.TokenFile is not null) return "token_file and client_certificate: give one of them";
        return null;
    }
}
