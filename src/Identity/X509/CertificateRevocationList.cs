namespace Spiffe.Agent.Identity.X509;

/// <summary>A signed revocation list of one CA key.</summary>
/// <param name="IssuerKeyId">Key identifier of that key, lowercase hexadecimal.</param>
/// <param name="Number">Its CRL number: no other list of this key has it.</param>
/// <param name="Der">The list, DER (RFC 5280 §5.1).</param>
/// <param name="Count">Certificates in it.</param>
public sealed record CertificateRevocationList(string IssuerKeyId, long Number, ReadOnlyMemory<byte> Der, int Count);
