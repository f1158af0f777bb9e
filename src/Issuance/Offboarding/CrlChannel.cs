using System.Formats.Asn1;
using System.Numerics;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>The signed revocation lists of now: each certificate must stand in that of its issuer, or in every one where that is not known. Signs them where they are not of now, so it is asked in the
/// background, once for all who ended meanwhile.</summary>
internal sealed class CrlChannel(Func<CrlSet> lists) : IRefusalChannel
{
    private readonly Lock _gate = new(); // Guards both below.
    private CrlSet? _read;
    private Dictionary<string, HashSet<BigInteger>> _serials = [];

    public string Name => "crl";

    public ChannelCheck Ask(EndedTask ended)
    {
        CredentialRecord[] asked = [.. ended.Credentials.Select(dead => dead.Credential).Where(credential => credential.Kind == CredentialKind.X509)];
        if (asked.Length == 0) return new ChannelCheck(Name, 0, []);
        Dictionary<string, HashSet<BigInteger>> listed = Read(lists());
        return new ChannelCheck(Name, asked.Length, [.. asked.Where(credential => !IsListed(listed, credential)).Select(credential => credential.Id)]);
    }

    private static bool IsListed(Dictionary<string, HashSet<BigInteger>> listed, CredentialRecord credential)
    {
        BigInteger serial = BigInteger.Parse("0" + credential.Id, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);
        if (credential.IssuerKeyId.Length == 0) return listed.Count > 0 && listed.Values.All(serials => serials.Contains(serial));
        return listed.TryGetValue(credential.IssuerKeyId, out HashSet<BigInteger>? serials) && serials.Contains(serial);
    }

    private Dictionary<string, HashSet<BigInteger>> Read(CrlSet set)
    {
        lock (_gate)
        {
            if (ReferenceEquals(set, _read)) return _serials;
            _serials = set.Lists.ToDictionary(list => list.IssuerKeyId, SerialsOf, StringComparer.Ordinal);
            _read = set;
            return _serials;
        }
    }

    /// <summary><c>revokedCertificates</c> of RFC 5280 §5.1: read from what was signed, not from what it was signed from.</summary>
    private static HashSet<BigInteger> SerialsOf(CertificateRevocationList list)
    {
        AsnReader body = new AsnReader(list.Der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        HashSet<BigInteger> serials = [];
        body.ReadInteger(); // version
        body.ReadSequence(); // signature
        body.ReadSequence(); // issuer
        body.ReadEncodedValue(); // thisUpdate
        body.ReadEncodedValue(); // nextUpdate, which ours have
        if (!body.HasData || body.PeekTag() != new Asn1Tag(UniversalTagNumber.Sequence, isConstructed: true)) return serials;
        AsnReader entries = body.ReadSequence();
        while (entries.HasData) serials.Add(entries.ReadSequence().ReadInteger());
        return serials;
    }
}
