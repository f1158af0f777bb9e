using System.Globalization;
using System.Text;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;

/// <summary>The files that we and the kubelet are known by. Read whole for every question, so that a rotated one counts from then on.</summary>
internal sealed class KubeletFiles(KubeletOptions options, KubeletEndpoint endpoint)
{
    private const int MaxLength = 1 << 20;
    private const int MaxTokenLength = 16 << 10;
    private const UnixFileMode OthersMayWrite = UnixFileMode.OtherWrite;

    private readonly bool _pins = options.KubeletCertificate is not null;

    private readonly string? _trust = !endpoint.IsSecure || options.InsecureSkipVerification ? null
        : options.KubeletCertificate ?? options.CaFile ?? Path.Combine(options.ServiceAccount, "ca.crt");

    private readonly string? _token = !endpoint.IsSecure || options.ClientCertificate is not null ? null : options.TokenFile ?? Path.Combine(options.ServiceAccount, "token");

    /// <summary>The bearer token; null where we are known otherwise. Never part of a message.</summary>
    internal string? ReadToken()
    {
        if (_token is null) return null;
        string token = Encoding.ASCII.GetString(Read("token_file", _token)).Trim();
        // RFC 6750 §2.1, and nothing that could end the header.
        if (token.Length is 0 or > MaxTokenLength || token.AsSpan().ContainsAnyExceptInRange('!', '~')) throw Unusable("token_file", _token, "holds no bearer token");
        return token;
    }

    /// <summary>What a connection rests on: whom we believe and which certificate we show.</summary>
    internal KubeletIdentity ReadIdentity() => new(
        _pins,
        _trust is null ? null : Read(_pins ? "kubelet_certificate" : "ca_file", _trust),
        !endpoint.IsSecure || options.ClientCertificate is null ? null : Read("client_certificate", options.ClientCertificate),
        !endpoint.IsSecure || options.ClientKey is null ? null : Read("client_key", options.ClientKey));

    private byte[] Read(string key, string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            if ((File.GetUnixFileMode(file.SafeFileHandle) & OthersMayWrite) != 0) throw Unusable(key, path, "may be written by anybody: chmod o-w");
            if (file.Length > MaxLength) throw Unusable(key, path, "is longer than 1 MiB");
            byte[] content = new byte[file.Length];
            int read = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            return content[..read];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unusable(key, path, failure is UnauthorizedAccessException ? "may not be read by the agent" : "cannot be read: is it there?");
        }
    }

    private KubeletException Unusable(string key, string path, string fault) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{endpoint.Name} is not asked: attestors.kubernetes.{key} {path} {fault}"));
}
