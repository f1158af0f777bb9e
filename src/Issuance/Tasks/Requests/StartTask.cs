using System.Collections.Immutable;
using Spiffe.Agent.Tasks.Intents;

namespace Spiffe.Agent.Issuance.Tasks.Requests;

/// <summary>What a caller says of the task that it wants to begin. All of it is untrusted.</summary>
public sealed record StartTask
{
    public required string Template { get; init; }

    /// <summary>The same key from the same process gives the same task; empty: none.</summary>
    public string IdempotencyKey { get; init; } = "";

    public TaskIntent Intent { get; init; } = TaskIntent.None;

    /// <summary>RFC 9396 authorization_details, a JSON array in UTF-8; empty: what the template gives.</summary>
    public ReadOnlyMemory<byte> Grants { get; init; }

    public TimeSpan? Lease { get; init; }

    public TimeSpan? Deadline { get; init; }

    /// <summary>A signed assertion of whom it is done for; empty: none. Never kept.</summary>
    public string SubjectToken { get; init; } = "";

    /// <summary>A child of the caller that is to do the work; 0: the caller itself.</summary>
    public int ChildProcessId { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>A certificate request, PKCS #10 DER: then the caller holds the private key, as its signature proves. Empty: keys are made here.</summary>
    public ReadOnlyMemory<byte> CertificateRequest { get; init; }

    /// <summary>A task that this one continues; for the record.</summary>
    public string Supersedes { get; init; } = "";
}
