using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>A public key that checks signatures of tokens: P-256, P-384, P-521 or RSA; imported once, used from any thread.</summary>
/// <remarks>
/// The kind of key decides which algorithms it may be used with, never the token: a P-256 key checks ES256 and nothing else.
/// Sharing one ECDsa or RSA between threads is not promised by .NET's documentation; its OpenSSL implementation keeps no state between calls
/// and OpenSSL's keys are immutable once imported. <c>JwsPublicKeyTests.Many_threads_share_one_key</c> holds this.
/// </remarks>
public sealed class JwsPublicKey
{
    /// <summary>Smallest RSA modulus, in bits (RFC 7518 §3.3).</summary>
    public const int MinRsaBits = 2048;

    /// <summary>Largest RSA modulus, in bits. Ours: bounds what one verification may cost.</summary>
    public const int MaxRsaBits = 8192;

    private readonly Lazy<ECDsa>? _ec;
    private readonly Lazy<RSA>? _rsa;
    private readonly JwsAlgorithm _ecAlgorithm;
    private readonly string? _givenKeyId;

    private JwsPublicKey(ECParameters parameters, JwsAlgorithm ecAlgorithm, string? keyId, JwsAlgorithm? algorithm)
    {
        (Ec, _ecAlgorithm, _givenKeyId, Algorithm) = (parameters, ecAlgorithm, keyId, algorithm);
        _ec = new Lazy<ECDsa>(() => ECDsa.Create(parameters));
    }

    private JwsPublicKey(RSAParameters parameters, string? keyId, JwsAlgorithm? algorithm)
    {
        (Rsa, _givenKeyId, Algorithm) = (parameters, keyId, algorithm);
        _rsa = new Lazy<RSA>(() => RSA.Create(parameters));
    }

    /// <summary>The key's name, case-sensitive: <c>kid</c> where one was given, else the thumbprint.</summary>
    public string KeyId => _givenKeyId ?? Thumbprint;

    /// <summary>The only algorithm that the key's publisher permits, if it named one.</summary>
    public JwsAlgorithm? Algorithm { get; }

    /// <summary>RFC 7638 with SHA-256, base64url: equal for equal keys, whoever names them.</summary>
    public string Thumbprint => field ??= ThumbprintOf();

    internal ECParameters? Ec { get; }

    internal RSAParameters? Rsa { get; }

    /// <summary>Whether this key could have signed with <paramref name="algorithm"/>.</summary>
    public bool Fits(JwsAlgorithm algorithm)
    {
        if (Algorithm is { } only && only != algorithm) return false;
        return algorithm is JwsAlgorithm.ES256 or JwsAlgorithm.ES384 or JwsAlgorithm.ES512 ? _ec is not null && algorithm == _ecAlgorithm : _rsa is not null;
    }

    /// <summary>Whether <paramref name="signature"/>, in JOSE's form, is this key's over <paramref name="data"/>. False for an algorithm that does not fit.</summary>
    public bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (!Fits(algorithm)) return false;
        return _ec is not null
            ? _ec.Value.VerifyData(data, signature, algorithm.Hash(), DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            : _rsa!.Value.VerifyData(data, signature, algorithm.Hash(), algorithm.Padding());
    }

    /// <summary>Takes the public half of an elliptic-curve key; private members are ignored, numbers are copied.</summary>
    public static JwkFault TryCreate(ECParameters parameters, string? keyId, JwsAlgorithm? algorithm, out JwsPublicKey? key)
    {
        key = null;
        if (EcCurve.Of(parameters.Curve) is not { } curve) return JwkFault.CurveUnknown;
        if (parameters.Q.X?.Length != curve.CoordinateLength || parameters.Q.Y?.Length != curve.CoordinateLength) return JwkFault.PointMalformed;
        if (algorithm is { } only && only != curve.Algorithm) return JwkFault.AlgorithmMismatch;
        ECParameters publicOnly = new() { Curve = curve.Curve, Q = new ECPoint { X = [.. parameters.Q.X], Y = [.. parameters.Q.Y] } };
        try
        {
            JwsPublicKey candidate = new(publicOnly, curve.Algorithm, keyId, algorithm);
            _ = candidate._ec!.Value; // importing is what checks that the point is on the curve
            key = candidate;
            return JwkFault.None;
        }
        catch (CryptographicException)
        {
            return JwkFault.PointMalformed;
        }
    }

    /// <summary>Takes the public half of an RSA key; private members are ignored, numbers are copied.</summary>
    public static JwkFault TryCreate(RSAParameters parameters, string? keyId, JwsAlgorithm? algorithm, out JwsPublicKey? key)
    {
        key = null;
        if (parameters.Modulus is not [not 0, ..] || parameters.Exponent is not { Length: > 0 and <= 4 }) return JwkFault.RsaMalformed;
        (byte[] modulus, byte[] exponent) = ([.. parameters.Modulus], [.. parameters.Exponent]);
        // An even modulus or exponent, and an exponent of one, are no RSA keys.
        if ((modulus[^1] & 1) == 0 || (exponent[^1] & 1) == 0 || exponent is [0, ..] or [1]) return JwkFault.RsaMalformed;
        int bits = (modulus.Length * 8) - byte.LeadingZeroCount(modulus[0]);
        if (bits is < MinRsaBits or > MaxRsaBits) return JwkFault.RsaSize;
        if (algorithm is JwsAlgorithm.ES256 or JwsAlgorithm.ES384 or JwsAlgorithm.ES512) return JwkFault.AlgorithmMismatch;
        RSAParameters publicOnly = new() { Modulus = modulus, Exponent = exponent };
        try
        {
            JwsPublicKey candidate = new(publicOnly, keyId, algorithm);
            _ = candidate._rsa!.Value;
            key = candidate;
            return JwkFault.None;
        }
        catch (CryptographicException)
        {
            return JwkFault.RsaMalformed;
        }
    }

    /// <summary>The public half of a key that the platform has just made: nothing to check, and imported only if somebody verifies with it.</summary>
    internal static JwsPublicKey OfOwn(EcCurve curve, ECPoint point, JwsAlgorithm algorithm) =>
        new(new ECParameters { Curve = curve.Curve, Q = new ECPoint { X = [.. point.X!], Y = [.. point.Y!] } }, curve.Algorithm, keyId: null, algorithm);

    /// <inheritdoc cref="OfOwn(EcCurve, ECPoint, JwsAlgorithm)"/>
    internal static JwsPublicKey OfOwn(RSAParameters parameters, JwsAlgorithm algorithm) =>
        new(new RSAParameters { Modulus = [.. parameters.Modulus!], Exponent = [.. parameters.Exponent!] }, keyId: null, algorithm);

    /// <summary>Reads one public JWK. Anything private or symmetric in it is refused; a <c>kid</c> that is not text too.</summary>
    public static JwkFault TryParse(ReadOnlyMemory<byte> utf8, out JwsPublicKey? key)
    {
        key = null;
        if (!StrictJson.TryParseObject(utf8, out JsonDocument? document)) return JwkFault.Malformed;
        using (document)
        {
            return JwkReader.TryRead(document.RootElement, out key);
        }
    }

    private string ThumbprintOf()
    {
        // RFC 7638 §3: the required members in lexicographic order, no white space.
        string members = Ec is { } ec
            ? $$"""{"crv":"{{EcCurve.Of(ec.Curve)!.Name}}","kty":"EC","x":"{{Base64Url.EncodeToString(ec.Q.X)}}","y":"{{Base64Url.EncodeToString(ec.Q.Y)}}"}"""
            : $$"""{"e":"{{Base64Url.EncodeToString(Rsa!.Value.Exponent)}}","kty":"RSA","n":"{{Base64Url.EncodeToString(Rsa.Value.Modulus)}}"}""";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(members)));
    }
}
