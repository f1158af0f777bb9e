using System.Net;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>attestors.kubernetes</c>.</summary>
internal static class KubernetesSection
{
    private const int MaxNodeName = 253;

    public static KubernetesAttestorOptions Read(Section section)
    {
        KubernetesAttestorOptions options = new()
        {
            IsEnabled = section.Switch("enabled", true),
            Kubelet = ReadKubelet(section),
            TokenFile = ReadFile(section, "token_file"),
            ClientCertificate = ReadFile(section, "client_certificate"),
            ClientKey = ReadFile(section, "client_key"),
            CaFile = ReadFile(section, "ca_file"),
            KubeletCertificate = ReadFile(section, "kubelet_certificate"),
            NodeName = ReadNodeName(section),
            SkipsVerification = section.Switch("insecure_skip_verification", false),
        };
        RefuseContradictions(section, options);
        section.RefuseUnknownKeys();
        return options;
    }

    private static void RefuseContradictions(Section section, KubernetesAttestorOptions options)
    {
        if (options.ClientCertificate is null != options.ClientKey is null)
        {
            string missing = options.ClientKey is null ? "client_key" : "client_certificate";
            section.Faults.Add(section.Place, section.Path.Key(missing), null, "is missing: a certificate is of no use without its key, and a key without its certificate", "name both files");
        }

        Refuse("token_file", options.TokenFile is not null && options.ClientCertificate is not null, "is written beside client_certificate: the kubelet looks at one of them", "keep one of them");
        Refuse("kubelet_certificate", options.KubeletCertificate is not null && options.CaFile is not null, "is written beside ca_file: which of them vouches for the kubelet?", "keep one of them");
        bool isElsewhere = options.Kubelet is { } kubelet && !(IPAddress.TryParse(kubelet.IdnHost, out IPAddress? address) && IPAddress.IsLoopback(address));
        Refuse("insecure_skip_verification", options.SkipsVerification && isElsewhere, "is for a kubelet at a loopback address: anybody on the way could answer", "remove it");
        bool vouched = options.CaFile is not null || options.KubeletCertificate is not null;
        Refuse("insecure_skip_verification", options.SkipsVerification && vouched, "contradicts the certificates that are named beside it", "remove it");
        if (options.SkipsVerification && !vouched && section.Single("insecure_skip_verification") is { } skip)
        {
            skip.Warn("lets whoever holds the kubelet's address say which pods run here: every k8s selector is that program's word", "name ca_file or kubelet_certificate");
        }

        void Refuse(string key, bool isWrong, string problem, string remedy)
        {
            if (isWrong && section.Single(key) is { } value) value.Fault(problem, remedy);
        }
    }

    /// <summary>Host and port behind https: without TLS anybody on the way, or whoever takes the port first, could answer.</summary>
    private static Uri? ReadKubelet(Section section)
    {
        if (section.Single("kubelet") is not { } value) return null;
        bool good = value.Text.Length <= 512
            && value.Text.StartsWith("https://", StringComparison.Ordinal)
            && Uri.TryCreate(value.Text, UriKind.Absolute, out Uri? uri)
            && uri is { Host.Length: > 0, UserInfo.Length: 0, AbsolutePath: "/" }
            && !value.Text.AsSpan().ContainsAny("?# ");
        if (good) return new Uri(value.Text);
        bool isPlain = value.Text.StartsWith("http:", StringComparison.OrdinalIgnoreCase);
        value.Fault(isPlain ? "is not https: anybody could answer there" : "is not the address of a kubelet", "write https, host and port, such as https://127.0.0.1:10250");
        return null;
    }

    /// <summary>A file that need not be there yet: tokens and certificates are renewed while the daemon runs.</summary>
    private static string? ReadFile(Section section, string key) =>
        section.Single(key) is { } value ? FilePath.Read(section, value, "/var/run/secrets/kubernetes.io/serviceaccount/token") : null;

    private static string? ReadNodeName(Section section)
    {
        if (section.Single("node_name") is not { } value) return null;
        if (IsNodeName(value.Text)) return value.Text;
        value.Fault("is not the name of a node", "write it as 'kubectl get nodes' shows it");
        return null;
    }

    /// <summary>A subdomain of RFC 1123, as Kubernetes asks of names; one that looks like an address is one too.</summary>
    private static bool IsNodeName(string text) =>
        text.Length is > 0 and <= MaxNodeName && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
        && text.Split('.').All(label => label.Length > 0 && label[0] != '-' && label[^1] != '-');
}
