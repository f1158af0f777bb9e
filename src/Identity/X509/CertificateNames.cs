using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Spiffe.Agent.Identity.X509;

/// <summary>The subject alternative names of a certificate, read strictly (RFC 5280 §4.2.1.6).</summary>
internal sealed record CertificateNames(IReadOnlyList<string> Uris, bool Critical)
{
    private const string SubjectAlternativeName = "2.5.29.17";

    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <summary><see langword="false"/> when the extension is there twice or cannot be read; no extension is no names.</summary>
    public static bool TryRead(X509Certificate2 certificate, out CertificateNames names)
    {
        names = new CertificateNames([], Critical: false);
        X509Extension? extension = null;
        foreach (X509Extension candidate in certificate.Extensions)
        {
            if (candidate.Oid?.Value != SubjectAlternativeName) continue;
            if (extension is not null) return false;
            extension = candidate;
        }

        if (extension is null) return true;
        try
        {
            names = new CertificateNames(ReadUris(extension.RawData), extension.Critical);
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static List<string> ReadUris(byte[] der)
    {
        AsnReader reader = new(der, AsnEncodingRules.DER);
        AsnReader general = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        List<string> uris = [];
        while (general.HasData)
        {
            if (general.PeekTag().HasSameClassAndValue(Uri)) uris.Add(general.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
            else _ = general.ReadEncodedValue();
        }

        return uris;
    }

    /// <summary>The ID of a signer, whose own examples write a root path (X509-SVID §3.2; Trust Domain and Bundle, appendix A).</summary>
    public static bool IsSignerId(string uri) =>
        SpiffeId.TryParse(uri.EndsWith('/') ? uri.AsSpan()[..^1] : uri, out SpiffeId? id, out _) && id.IsTrustDomain;
}
