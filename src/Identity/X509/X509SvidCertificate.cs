namespace Spiffe.Agent.Identity.X509;

/// <summary>The public half of an X.509-SVID: who it names, its chain and how long it holds.</summary>
/// <param name="Id">The SPIFFE ID in the leaf's one URI SAN; it has a path (X509-SVID §3.1).</param>
/// <param name="Chain">DER certificates one behind the other, the leaf first; the root is not part of it (Workload API §5.1).</param>
/// <param name="NotBefore">First moment of validity, whole seconds.</param>
/// <param name="NotAfter">Last moment of validity, whole seconds.</param>
/// <param name="SerialNumber">The leaf's serial number in lowercase hexadecimal, as it is written in audit records.</param>
public sealed record X509SvidCertificate(SpiffeId Id, ReadOnlyMemory<byte> Chain, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string SerialNumber)
{
    /// <summary>Key identifier of its issuer in lowercase hexadecimal, as the leaf gives it (RFC 5280 §4.2.1.1); empty when it gives none.</summary>
    public string IssuerKeyId { get; init; } = "";
}
