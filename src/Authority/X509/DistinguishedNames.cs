using System.Formats.Asn1;

namespace Spiffe.Agent.Authority.X509;

/// <summary>The few distinguished names that certificates here carry, DER.</summary>
internal static class DistinguishedNames
{
    /// <summary>Longest common name, in characters (RFC 5280, ub-common-name).</summary>
    public const int MaxCommonNameLength = 64;

    private const string CommonName = "2.5.4.3";
    private const string SerialNumber = "2.5.4.5";
    private const string Organization = "2.5.4.10";

    /// <summary>The name of nobody: an empty sequence.</summary>
    public static byte[] Empty { get; } = [0x30, 0x00];

    /// <summary>A CA must have a name (RFC 5280 §4.1.2.6). The number tells apart authorities of one trust domain, for software that finds issuers by name.</summary>
    public static byte[] OfAuthority(ReadOnlySpan<byte> serial)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteAttribute(writer, Organization, UniversalTagNumber.UTF8String, "SPIFFE");
            WriteAttribute(writer, SerialNumber, UniversalTagNumber.PrintableString, Convert.ToHexStringLower(serial));
        }

        return writer.Encode();
    }

    /// <summary>
    /// A workload without DNS names has no subject: its name is the SPIFFE ID, and an invented subject (SPIRE writes C=US, O=SPIRE) tells nobody anything.
    /// With DNS names the first is the common name, as in SPIRE, for servers such as databases that know clients by it.
    /// </summary>
    public static byte[] OfWorkload(IReadOnlyList<string> dnsNames)
    {
        if (dnsNames.Count == 0 || dnsNames[0].Length > MaxCommonNameLength) return Empty;
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence()) WriteAttribute(writer, CommonName, UniversalTagNumber.UTF8String, dnsNames[0]);
        return writer.Encode();
    }

    private static void WriteAttribute(AsnWriter writer, string oid, UniversalTagNumber kind, string value)
    {
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteCharacterString(kind, value);
        }
    }
}
