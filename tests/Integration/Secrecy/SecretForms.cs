using System.Security.Cryptography;
using System.Text;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>The ways in which secrets come to light: raw, in hexadecimal, in base64 wherever it begins, on the lines of a PEM, as UTF-16.</summary>
internal static class SecretForms
{
    /// <summary>Bytes of a secret that are searched for: enough that nothing else has them, few enough to be found in pieces.</summary>
    private const int Window = 32;

    private const int PemLine = 64;
    private const int PemLineBytes = 48;

    /// <summary>The secret numbers of a PKCS #8 key, and the lines of its PEM that hold one.</summary>
    public static IReadOnlyList<string> OfPkcs8(ReadOnlySpan<byte> key)
    {
        HashSet<string> forms = new(StringComparer.Ordinal);
        foreach (byte[] number in Numbers(key))
        {
            forms.UnionWith(OfBytes(number));
            int start = key.IndexOf(number.AsSpan(0, Window));
            string pem = Convert.ToBase64String(key);
            for (int line = (start + PemLineBytes - 1) / PemLineBytes; (line * PemLineBytes) + Window <= start + number.Length && (line + 1) * PemLine <= pem.Length; line++)
            {
                forms.Add(pem.Substring(line * PemLine, PemLine));
            }

            // The line on which a short number begins: public header in front, and half of the number.
            if (start % PemLineBytes != 0) forms.Add(pem.Substring(start / PemLineBytes * PemLine, PemLine));
        }

        return [.. forms];
    }

    /// <summary>A token is told by its signature, which is nobody else's, and by its claims, which name its id.</summary>
    public static IReadOnlyList<string> OfToken(string token)
    {
        string[] parts = token.Split('.');
        HashSet<string> forms = new(StringComparer.Ordinal) { parts[1], parts[2] };
        forms.UnionWith(OfBytes(Encoding.ASCII.GetBytes(parts[2])));
        forms.UnionWith(OfBytes(System.Buffers.Text.Base64Url.DecodeFromChars(parts[2])));
        return [.. forms];
    }

    /// <summary>A number or a text in every form.</summary>
    public static IReadOnlyList<string> OfBytes(ReadOnlySpan<byte> secret)
    {
        ReadOnlySpan<byte> window = secret[..Math.Min(secret.Length, Window)];
        HashSet<string> forms = new(StringComparer.Ordinal)
        {
            Encoding.Latin1.GetString(window),
            Convert.ToHexString(window),
            Convert.ToHexStringLower(window),
            Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(window))),
        };
        for (int shift = 0; shift < 3; shift++)
        {
            string text = Base64At(window, shift);
            forms.Add(text);
            forms.Add(text.Replace('+', '-').Replace('/', '_'));
            forms.Add(Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(text)));
        }

        return [.. forms];
    }

    // What of its base64 is the secret's alone, when this many bytes are in front of it.
    private static string Base64At(ReadOnlySpan<byte> secret, int shift)
    {
        byte[] shifted = new byte[shift + secret.Length];
        secret.CopyTo(shifted.AsSpan(shift));
        int first = ((shift * 8) + 5) / 6;
        int last = shifted.Length * 8 / 6;
        return Convert.ToBase64String(shifted)[first..last];
    }

    private static IEnumerable<byte[]> Numbers(ReadOnlySpan<byte> key)
    {
        try
        {
            using ECDsa curve = ECDsa.Create();
            curve.ImportPkcs8PrivateKey(key, out _);
            return [curve.ExportParameters(true).D!];
        }
        catch (CryptographicException)
        {
            using RSA rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(key, out _);
            RSAParameters numbers = rsa.ExportParameters(true);
            return [numbers.D!, numbers.P!, numbers.Q!, numbers.DP!, numbers.DQ!, numbers.InverseQ!];
        }
    }
}
