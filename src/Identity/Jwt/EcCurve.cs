using System.Security.Cryptography;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>The elliptic curves of RFC 7518 §6.2.1.1, each with the one algorithm that goes with it.</summary>
internal sealed record EcCurve(string Name, ECCurve Curve, int CoordinateLength, JwsAlgorithm Algorithm)
{
    public static EcCurve P256 { get; } = new("P-256", ECCurve.NamedCurves.nistP256, 32, JwsAlgorithm.ES256);

    public static EcCurve P384 { get; } = new("P-384", ECCurve.NamedCurves.nistP384, 48, JwsAlgorithm.ES384);

    public static EcCurve P521 { get; } = new("P-521", ECCurve.NamedCurves.nistP521, 66, JwsAlgorithm.ES512);

    public static EcCurve? Named(string? name) => name switch { "P-256" => P256, "P-384" => P384, "P-521" => P521, _ => null };

    public static EcCurve? Of(ECCurve curve) => curve.IsNamed ? OfOid(curve.Oid.Value) : null;

    private static EcCurve? OfOid(string? oid) => oid switch
    {
        "1.2.840.10045.3.1.7" => P256,
        "1.3.132.0.34" => P384,
        "1.3.132.0.35" => P521,
        _ => null,
    };
}
