namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>One credential of a task, as the ledger keeps it. Holds no secret.</summary>
public sealed record CredentialRecord
{
    /// <summary>What it is.</summary>
    public required CredentialKind Kind { get; init; }

    /// <summary>Its serial number in lowercase hexadecimal, or its <c>jti</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The task that holds it.</summary>
    public required string TaskId { get; init; }

    /// <summary>The task's generation that it was minted for.</summary>
    public required int Generation { get; init; }

    /// <summary>When it expires by itself.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Of an X.509-SVID: the key identifier of its issuer, in whose revocation list it would stand (<see cref="Identity.X509.X509SvidCertificate.IssuerKeyId"/>).
    /// Empty: it would stand in the list of every key, which is longer and just as good, for no serial number comes twice.</summary>
    public string IssuerKeyId { get; init; } = "";

    /// <summary>Its place in a status list, when it names one.</summary>
    public StatusIndex? Status { get; init; }
}
