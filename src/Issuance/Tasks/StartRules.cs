using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>What a request to begin a task must keep to. Its texts are a caller's: bounded here, printed nowhere as they are.</summary>
internal static class StartRules
{
    /// <summary>Longest idempotency key, label name, label value and id of another task. Ours.</summary>
    public const int MaxText = 256;

    /// <summary>Labels of one task. Ours.</summary>
    public const int MaxLabels = 32;

    /// <summary>What is wrong with a request; null: nothing.</summary>
    public static string? FaultOf(StartTask request)
    {
        if (request.IdempotencyKey.Length > MaxText) return $"idempotency_key: at most {MaxText} characters";
        if (request.Supersedes.Length > 0 && !Spiffe.Agent.Tasks.TaskId.TryParse(request.Supersedes, out _)) return "supersedes: not a task id";
        if (request.Labels.Count > MaxLabels) return $"labels: at most {MaxLabels}";
        if (request.Labels.Any(label => label.Key.Length is 0 or > MaxText || label.Value.Length > MaxText || label.Key.Concat(label.Value).Any(char.IsControl)))
            return $"labels: names and values have at most {MaxText} printable characters";
        if (request.Lease <= TimeSpan.Zero) return "lease: must be positive";
        if (request.Deadline <= TimeSpan.Zero) return "deadline: must be positive";
        return request.ChildProcessId < 0 ? "binding.child_process_id: must be positive" : null;
    }

    /// <summary>An empty text asks for all that the template gives; <c>[]</c> asks for nothing.</summary>
    public static bool TryReadGrants(StartTask request, [NotNullWhen(true)] out AuthorizationDetails? requested, out string fault)
    {
        (requested, fault) = (AuthorizationDetails.Everything, "");
        if (request.Grants.IsEmpty || AuthorizationDetails.TryParse(request.Grants.Span, out requested, out GrantFault? wrong)) return true;
        fault = $"authorization_details: {wrong}";
        return false;
    }

    /// <summary>Longest certificate request, in bytes. Ours: an RSA key of 8192 bits and its signature take a quarter.</summary>
    public const int MaxCertificateRequest = 8 * 1024;

    /// <summary>The key of a certificate request, PKIX DER, once its signature has proved that the caller holds it. Empty for an empty one. Names and extensions in it are ignored.</summary>
    public static bool TryReadKey(ReadOnlyMemory<byte> request, out ReadOnlyMemory<byte> key, out string fault)
    {
        (key, fault) = (default, "");
        if (request.IsEmpty) return true;
        try
        {
            if (request.Length <= MaxCertificateRequest) key = CertificateRequest.LoadSigningRequest(request.Span, HashAlgorithmName.SHA256, out int read).PublicKey.ExportSubjectPublicKeyInfo() is var spki && read == request.Length ? spki : default;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            key = default;
        }

        if (!key.IsEmpty && EmbeddedAuthority.SignsFor(key.Span)) return true;
        fault = "certificate_request: PKCS #10 with a signature by its own key, of P-256, P-384, P-521 or RSA from 2048 bits";
        return false;
    }

    /// <summary>How long it may last: what is asked for, where that is shorter than what the template gives.</summary>
    public static ClockLimits LimitsOf(TaskLifetimes lifetimes, StartTask request)
    {
        TimeSpan deadline = request.Deadline is { } end && end < lifetimes.Deadline ? end : lifetimes.Deadline;
        TimeSpan lease = request.Lease is { } asked && asked < lifetimes.Lease ? asked : lifetimes.Lease;
        return new ClockLimits(lease, deadline, lifetimes.Active, lifetimes.Idle);
    }

    /// <summary>The path and the digest of the program, as far as they are evidence.</summary>
    public static string ExecutableOf(SelectorSet selectors)
    {
        string path = "", digest = "";
        foreach (Selector selector in selectors.Span)
        {
            if (selector.Type != "unix") continue;
            if (selector.Value.StartsWith("path:", StringComparison.Ordinal)) path = selector.Value["path:".Length..];
            else if (selector.Value.StartsWith("sha256:", StringComparison.Ordinal)) digest = selector.Value;
        }

        return digest.Length == 0 ? path : $"{path} {digest}";
    }

    /// <summary>A name that a caller gave, for a log: as it is when it could be a template's, and nothing of it otherwise.</summary>
    public static string Shown(string name) =>
        name.Length is > 0 and <= TaskTemplate.MaxNameLength && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ? name : "[not a name]";
}
