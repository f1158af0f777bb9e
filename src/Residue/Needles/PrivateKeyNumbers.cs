using System.Buffers.Text;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json;

namespace Spiffe.Agent.Residue.Needles;

/// <summary>Finds what is secret in a private key: of EC the scalar, of RSA the exponent and both primes. Whoever has one of them has the key.</summary>
internal static class PrivateKeyNumbers
{
    /// <summary>Longest number, in bytes: the exponent of RSA with 8192 bits.</summary>
    private const int MaxNumber = 1024;

    /// <summary>Of PKCS #8, DER (RFC 5958), with a key of RFC 5915 or RFC 8017. False: it is none; then nothing was added, or not all.</summary>
    public static bool OfPkcs8(ReadOnlySpan<byte> key, NeedleForge forge, ICollection<Needle> into)
    {
        const AsnEncodingRules Der = AsnEncodingRules.DER;
        try
        {
            ReadOnlySpan<byte> outer = Open(key);
            Skip(ref outer); // version
            Skip(ref outer); // algorithm
            if (!AsnDecoder.TryReadPrimitiveOctetString(outer, Der, out ReadOnlySpan<byte> inner, out _)) return false;
            inner = Open(inner);
            Skip(ref inner); // version
            if (Asn1Tag.Decode(inner, out _) == new Asn1Tag(UniversalTagNumber.OctetString))
            {
                if (!AsnDecoder.TryReadPrimitiveOctetString(inner, Der, out ReadOnlySpan<byte> scalar, out _)) return false;
                forge.OfNumber(scalar, into);
                return true;
            }

            Skip(ref inner); // modulus
            Skip(ref inner); // public exponent
            for (int i = 0; i < 3; i++) // d, p, q
            {
                forge.OfNumber(AsnDecoder.ReadIntegerBytes(inner, Der, out int length), into);
                inner = inner[length..];
            }

            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }

        static ReadOnlySpan<byte> Open(ReadOnlySpan<byte> value)
        {
            AsnDecoder.ReadSequence(value, Der, out int start, out int length, out _);
            return value.Slice(start, length);
        }

        static void Skip(ref ReadOnlySpan<byte> values)
        {
            AsnDecoder.ReadEncodedValue(values, Der, out _, out _, out int length);
            values = values[length..];
        }
    }

    /// <summary>Of a JWK, UTF-8 (RFC 7518 §6): <c>d</c>, <c>p</c>, <c>q</c>. False: it is none.</summary>
    public static bool OfJwk(ReadOnlySpan<byte> jwk, NeedleForge forge, ICollection<Needle> into)
    {
        Span<byte> number = stackalloc byte[MaxNumber];
        bool found = false;
        try
        {
            Utf8JsonReader reader = new(jwk);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || !(reader.ValueTextEquals("d"u8) || reader.ValueTextEquals("p"u8) || reader.ValueTextEquals("q"u8))) continue;
                if (!reader.Read() || reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || !Base64Url.TryDecodeFromUtf8(reader.ValueSpan, number, out int length)) return false;
                forge.OfNumber(number[..length], into);
                found = true;
            }

            return found;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(number);
        }
    }
}
