namespace Spiffe.Agent.Authority.Revocation;

/// <summary>One line of a revocation list.</summary>
/// <param name="IssuerKeyId">Key identifier of the CA that signed it, lowercase hexadecimal: <see cref="Identity.X509.X509SvidCertificate.IssuerKeyId"/>. Empty when that is
/// not known: then it stands in the list of every key.</param>
/// <param name="SerialNumber">Its serial number, lowercase hexadecimal, as <see cref="Identity.X509.X509SvidCertificate.SerialNumber"/> writes it.</param>
/// <param name="RevokedAt">Since when it is dead; the list holds whole seconds.</param>
/// <param name="Reason">Why.</param>
public readonly record struct RevokedCertificate(string IssuerKeyId, string SerialNumber, DateTimeOffset RevokedAt, CertificateRevocationReason Reason);
