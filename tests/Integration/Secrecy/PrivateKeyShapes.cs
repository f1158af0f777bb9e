using System.Buffers;
using System.Text;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>What every private key looks like, whosever it is: those that never leave the daemon are known to no test.</summary>
internal static class PrivateKeyShapes
{
    // What is in front of the secret number in PKCS #8 (RFC 5208) and SEC 1 (RFC 5915). 02 01 00: the version.
    private static readonly string[] Headers =
    [
        "020100301306072A8648CE3D020106", // EC P-256
        "020100301006072A8648CE3D020106", // EC P-384
        "020100300D06092A864886F70D010101", // RSA
        "020100300506032B6570", // Ed25519
        "0201010420", // SEC 1, P-256
        "0201010430", // SEC 1, P-384
    ];

    private static readonly SearchValues<string> Shapes = SearchValues.Create([.. Forms()], StringComparison.Ordinal);

    /// <summary>Whether one is in a text of which each character is a byte.</summary>
    public static bool AreIn(string text) => text.AsSpan().ContainsAny(Shapes);

    private static IEnumerable<string> Forms()
    {
        foreach (byte[] header in Headers.Select(Convert.FromHexString))
        {
            yield return Encoding.Latin1.GetString(header);
            if (header.Length < 8) continue; // Too short to be told in text.
            foreach (string form in SecretForms.OfBytes(header)) yield return form;
        }

        yield return "PRIVATE KEY-----";
        yield return "\"d\":\"";
        yield return "\"d\": \"";
    }
}
