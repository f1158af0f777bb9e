using System.Formats.Asn1;
using System.Security.Cryptography;
using Spiffe.Agent.Authority.Keys;
using Spiffe.Agent.Authority.X509;

namespace Spiffe.Agent.Authority.Revocation;

/// <summary>Writes an X.509 v2 certificate revocation list (RFC 5280 §5.1) and signs it: complete, direct, for all certificates of its issuer.</summary>
internal static class CertificateRevocationListWriter
{
    private const int TypicalHeadLength = 512;
    private const int TypicalEntryLength = 52;

    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag KeyIdentifier = new(TagClass.ContextSpecific, 0);

    /// <summary>The list, DER.</summary>
    public static byte[] Sign(SigningKey key, in CertificateRevocationListContent content)
    {
        int typicalLength = TypicalHeadLength + (content.Revoked.Count * TypicalEntryLength);
        AsnWriter toBeSigned = new(AsnEncodingRules.DER, typicalLength);
        WriteToBeSigned(toBeSigned, key, content);
        AsnWriter list = new(AsnEncodingRules.DER, typicalLength);
        using (list.PushSequence())
        {
            toBeSigned.CopyTo(list);
            list.WriteEncodedValue(key.Type.CertificateAlgorithm());
            byte[] signature = new byte[SigningKey.MaxSignatureLength];
            int length = toBeSigned.Encode((key, signature), static (state, bytes) => state.key.Sign(bytes, state.signature, DSASignatureFormat.Rfc3279DerSequence));
            list.WriteBitString(signature.AsSpan(0, length));
        }

        return list.Encode();
    }

    private static void WriteToBeSigned(AsnWriter writer, SigningKey key, in CertificateRevocationListContent content)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(1); // v2
            writer.WriteEncodedValue(key.Type.CertificateAlgorithm());
            writer.WriteEncodedValue(content.Issuer);
            CertificateWriter.WriteTime(writer, content.ThisUpdate);
            CertificateWriter.WriteTime(writer, content.NextUpdate);
            if (content.Revoked.Count > 0) // §5.1.2.6: else it must be absent.
            {
                using (writer.PushSequence())
                {
                    foreach (RevokedCertificate revoked in content.Revoked) WriteEntry(writer, revoked);
                }
            }

            using (writer.PushSequence(Extensions))
            using (writer.PushSequence()) WriteExtensions(writer, content);
        }
    }

    private static void WriteEntry(AsnWriter writer, RevokedCertificate revoked)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(Convert.FromHexString(revoked.SerialNumber));
            CertificateWriter.WriteTime(writer, revoked.RevokedAt);
            if (revoked.Reason == CertificateRevocationReason.Unspecified) return; // §5.3.1
            using (writer.PushSequence())
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("2.5.29.21");
                using (writer.PushOctetString()) writer.WriteEnumeratedValue(revoked.Reason);
            }
        }
    }

    private static void WriteExtensions(AsnWriter writer, in CertificateRevocationListContent content)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.5.29.35"); // §5.2.1
            using (writer.PushOctetString())
            using (writer.PushSequence()) writer.WriteOctetString(content.AuthorityKeyIdentifier, KeyIdentifier);
        }

        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.5.29.20"); // §5.2.3
            using (writer.PushOctetString()) writer.WriteInteger(content.Number);
        }
    }
}
