using System.Security.Cryptography;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Authority.Keys;

/// <summary>What DER surrounds the numbers of an elliptic-curve key with; the same bytes for every key of a curve (RFC 5480 §2, RFC 5915 §3, RFC 5958 §2).</summary>
internal sealed class EcTemplate
{
    private static readonly EcTemplate P256 = new(
        size: 32,
        publicPrefix: "3059301306072A8648CE3D020106082A8648CE3D03010703420004",
        privatePrefix: "308187020100301306072A8648CE3D020106082A8648CE3D030107046D306B0201010420",
        privateMiddle: "A14403420004");

    private static readonly EcTemplate P384 = new(
        size: 48,
        publicPrefix: "3076301006072A8648CE3D020106052B8104002203620004",
        privatePrefix: "3081B6020100301006072A8648CE3D020106052B8104002204819E30819B0201010430",
        privateMiddle: "A16403620004");

    private readonly int _size;
    private readonly byte[] _publicPrefix;
    private readonly byte[] _privatePrefix;
    private readonly byte[] _privateMiddle;

    private EcTemplate(int size, string publicPrefix, string privatePrefix, string privateMiddle)
    {
        _size = size;
        _publicPrefix = Convert.FromHexString(publicPrefix);
        _privatePrefix = Convert.FromHexString(privatePrefix);
        _privateMiddle = Convert.FromHexString(privateMiddle);
    }

    public int Pkcs8Length => _privatePrefix.Length + _privateMiddle.Length + (3 * _size);

    public static EcTemplate Of(EcCurve curve) =>
        curve == EcCurve.P256 ? P256 : curve == EcCurve.P384 ? P384 : throw new ArgumentOutOfRangeException(nameof(curve));

    public byte[] SubjectPublicKeyInfo(ECPoint point) => [.. _publicPrefix, .. point.X!, .. point.Y!];

    /// <summary>Fills exactly <see cref="Pkcs8Length"/> bytes.</summary>
    public void WritePkcs8(in ECParameters numbers, Span<byte> destination)
    {
        _privatePrefix.CopyTo(destination);
        destination = destination[_privatePrefix.Length..];
        numbers.D.CopyTo(destination);
        destination = destination[_size..];
        _privateMiddle.CopyTo(destination);
        destination = destination[_privateMiddle.Length..];
        numbers.Q.X.CopyTo(destination);
        numbers.Q.Y.CopyTo(destination[_size..]);
    }
}
