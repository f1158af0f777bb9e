using System.Security.Cryptography;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Authority.Keys;

/// <summary>A fresh key pair for a workload's certificate: the public half as SubjectPublicKeyInfo, the private half as PKCS#8, both DER.</summary>
/// <remarks>For curves both are put together from fixed prefixes and the numbers: the platform's exporters cost as much as a signature.</remarks>
internal readonly ref struct WorkloadKey
{
    private const int RsaBits = 2048;

    private WorkloadKey(byte[] subjectPublicKeyInfo, SecretBytes pkcs8) => (SubjectPublicKeyInfo, Pkcs8) = (subjectPublicKeyInfo, pkcs8);

    public byte[] SubjectPublicKeyInfo { get; }

    public SecretBytes Pkcs8 { get; }

    public static WorkloadKey Generate(KeyType type)
    {
        if (type.Curve() is { } curve) return GenerateEc(curve);
        using RSA rsa = RSA.Create(RsaBits);
        byte[] pkcs8 = rsa.ExportPkcs8PrivateKey();
        try
        {
            return new WorkloadKey(rsa.ExportSubjectPublicKeyInfo(), SecretBytes.CopyOf(pkcs8));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static WorkloadKey GenerateEc(EcCurve curve)
    {
        using ECDsa ec = ECDsa.Create(curve.Curve);
        ECParameters numbers = ec.ExportParameters(includePrivateParameters: true);
        try
        {
            EcTemplate template = EcTemplate.Of(curve);
            SecretBytes pkcs8 = SecretBytes.Create(template.Pkcs8Length, (template, numbers), static (destination, state) => state.template.WritePkcs8(state.numbers, destination));
            return new WorkloadKey(template.SubjectPublicKeyInfo(numbers.Q), pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(numbers.D);
        }
    }
}
