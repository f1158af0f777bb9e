using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Spiffe.Agent.Cli.Certificates;

/// <summary>Reads the names in a certificate's subject alternative name (RFC 5280 §4.2.1.6).</summary>
internal static class CertificateNames
{
    private const string SubjectAlternativeName = "2.5.29.17";

    private static readonly Asn1Tag DnsTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <exception cref="CryptographicException">The extension is malformed.</exception>
    public static (string? SpiffeId, IReadOnlyList<string> DnsNames) Of(X509Certificate2 certificate)
    {
        if (certificate.Extensions[SubjectAlternativeName] is not { } extension) return (null, []);
        List<string> uris = [];
        List<string> dns = [];
        try
        {
            AsnReader names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                Asn1Tag tag = names.PeekTag();
                if (tag.HasSameClassAndValue(DnsTag)) dns.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, DnsTag));
                else if (tag.HasSameClassAndValue(UriTag)) uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
                else names.ReadEncodedValue();
            }
        }
        catch (AsnContentException e)
        {
            throw new CryptographicException("subject alternative name not understood", e);
        }

        return (uris.Find(u => u.StartsWith("spiffe://", StringComparison.OrdinalIgnoreCase)), dns);
    }
}
