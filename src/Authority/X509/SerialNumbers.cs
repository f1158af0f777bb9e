using System.Security.Cryptography;

namespace Spiffe.Agent.Authority.X509;

/// <summary>Serial numbers of certificates.</summary>
internal static class SerialNumbers
{
    private const int Length = 16;

    /// <summary>Sixteen bytes, positive, 126 of the bits random: nobody can guess the next one, and none comes twice (RFC 5280 §4.1.2.2).</summary>
    public static byte[] Next()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(Length);
        // The top bit would make it negative; the second one, always set, keeps its length.
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }
}
