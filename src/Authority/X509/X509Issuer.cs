using Spiffe.Agent.Authority.Keys;
using Spiffe.Agent.Authority.Rotation;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Authority.X509;

/// <summary>A certificate authority: a key, and the self-signed certificate that the bundle shows for it.</summary>
internal sealed class X509Issuer : IssuingKey
{
    private X509Issuer(SigningKey key, KeyPeriod period, byte[] keyIdentifier, byte[] subject, byte[] certificate)
        : base(key, period) => (KeyIdentifier, Subject, Certificate) = (keyIdentifier, subject, certificate);

    /// <summary>Its subject key identifier, which leaves repeat as their authority key identifier.</summary>
    public byte[] KeyIdentifier { get; }

    /// <summary>Its distinguished name, DER.</summary>
    public byte[] Subject { get; }

    /// <summary>The certificate, DER.</summary>
    public byte[] Certificate { get; }

    public override string Name => Convert.ToHexStringLower(KeyIdentifier);

    /// <summary>Makes a key and lets it sign itself: an SVID without a path (X509-SVID §3.2), so that validators can tell whose it is.</summary>
    public static X509Issuer Create(TrustDomain trustDomain, KeyType type, KeyPeriod period)
    {
        SigningKey key = new(type);
        byte[] identifier = KeyIdentifiers.Of(key.SubjectPublicKeyInfo);
        byte[] serial = SerialNumbers.Next();
        byte[] subject = DistinguishedNames.OfAuthority(serial);
        byte[] certificate = CertificateWriter.Sign(key, new CertificateContent
        {
            SerialNumber = serial,
            Issuer = subject,
            Subject = subject,
            Period = period,
            SubjectPublicKeyInfo = key.SubjectPublicKeyInfo,
            Profile = CertificateProfile.Authority,
            SubjectKeyIdentifier = identifier,
            AuthorityKeyIdentifier = identifier,
            Id = trustDomain.Id,
            DnsNames = [],
        });
        return new X509Issuer(key, period, identifier, subject, certificate);
    }
}
