using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Spiffe.Agent.Cli.Certificates;

/// <summary>What people and programs want to know of a certificate. Read, not judged: showing a certificate says nothing about trusting it.</summary>
internal sealed class CertificateView
{
    private readonly byte[] _subject;
    private readonly byte[] _issuer;

    private CertificateView(X509Certificate2 certificate)
    {
        Der = certificate.RawData;
        Subject = certificate.Subject;
        Issuer = certificate.Issuer;
        (_subject, _issuer) = (certificate.SubjectName.RawData, certificate.IssuerName.RawData);
        SerialNumber = Convert.ToHexStringLower(certificate.SerialNumberBytes.Span);
        Key = KeyKind.Of(certificate.PublicKey);
        NotBefore = new DateTimeOffset(certificate.NotBefore.ToUniversalTime());
        NotAfter = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Der.Span));
        IsAuthority = certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(c => c.CertificateAuthority);
        (SpiffeId, DnsNames) = CertificateNames.Of(certificate);
    }

    /// <summary>The first URI in its subject alternative name that is a SPIFFE ID; null when there is none.</summary>
    public string? SpiffeId { get; }

    public IReadOnlyList<string> DnsNames { get; }

    /// <summary>Distinguished name, as RFC 4514 writes it.</summary>
    public string Subject { get; }

    public string Issuer { get; }

    /// <summary>Lower-case hexadecimal.</summary>
    public string SerialNumber { get; }

    /// <summary>Such as <c>EC P-256</c> or <c>RSA 2048</c>.</summary>
    public string Key { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    /// <summary>SHA-256 of the certificate, lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    public bool IsAuthority { get; }

    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>Its SPIFFE ID, else its subject.</summary>
    public string Name => SpiffeId ?? Subject;

    /// <exception cref="CryptographicException">Not a certificate.</exception>
    public static CertificateView Read(ReadOnlyMemory<byte> der)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der.Span);
        return new CertificateView(certificate);
    }

    /// <exception cref="CryptographicException">Not certificates one behind the other.</exception>
    public static IReadOnlyList<CertificateView> ReadAll(ReadOnlyMemory<byte> concatenated)
    {
        try
        {
            return [.. DerSequence.Split(concatenated).Select(Read)];
        }
        catch (AsnContentException e)
        {
            throw new CryptographicException("not DER", e);
        }
    }

    public string ToPem() => PemEncoding.WriteString("CERTIFICATE", Der.Span) + "\n";

    /// <summary>The name of the certificate among these that it says to be issued by, else the issuer's distinguished name.</summary>
    public string IssuerAmong(IEnumerable<CertificateView> candidates) =>
        candidates.FirstOrDefault(c => c.IsAuthority && c._subject.AsSpan().SequenceEqual(_issuer))?.Name ?? Issuer;
}
