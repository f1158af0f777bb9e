using System.Formats.Asn1;
using System.Security.Cryptography;
using Spiffe.Agent.Authority.Keys;

namespace Spiffe.Agent.Authority.X509;

/// <summary>Writes an X.509 v3 certificate (RFC 5280 §4.1) and signs it.</summary>
/// <remarks>By hand, because CertificateRequest costs more than making the key and signing together on P-256; tests/Benchmarks measures it.</remarks>
internal static class CertificateWriter
{
    private const int TypicalLength = 1024;

    private static readonly DateTimeOffset FirstGeneralizedTime = new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Asn1Tag Version = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 3);
    private static readonly Asn1Tag KeyIdentifier = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <summary>The certificate, DER.</summary>
    public static byte[] Sign(SigningKey key, in CertificateContent content)
    {
        AsnWriter toBeSigned = new(AsnEncodingRules.DER, TypicalLength);
        WriteToBeSigned(toBeSigned, key, content);
        AsnWriter certificate = new(AsnEncodingRules.DER, TypicalLength);
        using (certificate.PushSequence())
        {
            toBeSigned.CopyTo(certificate);
            certificate.WriteEncodedValue(key.Type.CertificateAlgorithm());
            byte[] signature = new byte[SigningKey.MaxSignatureLength];
            int length = toBeSigned.Encode((key, signature), static (state, bytes) => state.key.Sign(bytes, state.signature, DSASignatureFormat.Rfc3279DerSequence));
            certificate.WriteBitString(signature.AsSpan(0, length));
        }

        return certificate.Encode();
    }

    private static void WriteToBeSigned(AsnWriter writer, SigningKey key, in CertificateContent content)
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence(Version)) writer.WriteInteger(2);
            writer.WriteInteger(content.SerialNumber);
            writer.WriteEncodedValue(key.Type.CertificateAlgorithm());
            writer.WriteEncodedValue(content.Issuer);
            using (writer.PushSequence())
            {
                WriteTime(writer, content.Period.NotBefore);
                WriteTime(writer, content.Period.NotAfter);
            }

            writer.WriteEncodedValue(content.Subject);
            writer.WriteEncodedValue(content.SubjectPublicKeyInfo);
            using (writer.PushSequence(Extensions))
            using (writer.PushSequence()) WriteExtensions(writer, content);
        }
    }

    private static void WriteExtensions(AsnWriter writer, in CertificateContent content)
    {
        foreach (byte[] extension in content.Profile.Extensions) writer.WriteEncodedValue(extension);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.5.29.14");
            using (writer.PushOctetString()) writer.WriteOctetString(content.SubjectKeyIdentifier);
        }

        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.5.29.35");
            using (writer.PushOctetString())
            using (writer.PushSequence()) writer.WriteOctetString(content.AuthorityKeyIdentifier, KeyIdentifier);
        }

        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.5.29.17");
            // X509-SVID §3.1, RFC 5280 §4.1.2.6: critical when, and only when, there is no subject.
            if (content.Subject.Length == DistinguishedNames.Empty.Length) writer.WriteBoolean(true);
            using (writer.PushOctetString())
            using (writer.PushSequence())
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, content.Id.ToString(), Uri);
                foreach (string name in content.DnsNames) writer.WriteCharacterString(UniversalTagNumber.IA5String, name, DnsName);
            }
        }
    }

    /// <summary>A time as certificates and their revocation lists write it (RFC 5280 §4.1.2.5, §5.1.2.4); whole seconds.</summary>
    public static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time < FirstGeneralizedTime) writer.WriteUtcTime(time);
        else writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
    }
}
