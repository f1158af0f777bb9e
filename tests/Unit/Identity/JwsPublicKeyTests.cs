using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Tests.Unit.Identity;

public class JwsPublicKeyTests
{
    [Fact]
    public void The_thumbprint_is_that_of_rfc_7638()
    {
        // RFC 7638 §3.1
        const string Jwk = """
            {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}
            """;
        Assert.Equal(JwkFault.None, JwsPublicKey.TryParse(Encoding.UTF8.GetBytes(Jwk), out JwsPublicKey? key));
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", key!.Thumbprint);
        Assert.Equal("2011-04-29", key.KeyId);
        Assert.True(key.Fits(JwsAlgorithm.RS256));
        Assert.False(key.Fits(JwsAlgorithm.PS256)); // its publisher said RS256
    }

    [Fact]
    public void A_point_off_the_curve_is_refused()
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECParameters parameters = ec.ExportParameters(false);
        parameters.Q.Y![31] ^= 1;
        Assert.Equal(JwkFault.PointMalformed, JwsPublicKey.TryCreate(parameters, null, null, out _));
    }

    [Theory]
    [InlineData(1024, JwkFault.RsaSize)]
    [InlineData(2048, JwkFault.None)]
    public void Small_rsa_keys_are_refused(int bits, JwkFault fault)
    {
        using RSA rsa = RSA.Create(bits);
        Assert.Equal(fault, JwsPublicKey.TryCreate(rsa.ExportParameters(false), null, null, out _));
    }

    [Fact]
    public void Huge_even_or_padded_rsa_numbers_are_refused()
    {
        byte[] odd = [0x80, .. new byte[254], 1];
        byte[] huge = [0x80, .. new byte[1024], 1];
        Assert.Equal(JwkFault.RsaSize, Rsa(huge, [1, 0, 1]));
        Assert.Equal(JwkFault.RsaMalformed, Rsa([0x80, .. new byte[255]], [1, 0, 1]));
        Assert.Equal(JwkFault.RsaMalformed, Rsa([0, .. odd], [1, 0, 1]));
        Assert.Equal(JwkFault.RsaMalformed, Rsa(odd, [1]));
        Assert.Equal(JwkFault.RsaMalformed, Rsa(odd, [2]));
        Assert.Equal(JwkFault.RsaMalformed, Rsa(odd, [1, 0, 0, 0, 1]));
    }

    [Fact]
    public async Task Many_threads_share_one_key()
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using RSA rsa = RSA.Create(2048);
        _ = JwsPublicKey.TryCreate(ec.ExportParameters(false), null, null, out JwsPublicKey? ecKey);
        _ = JwsPublicKey.TryCreate(rsa.ExportParameters(false), null, null, out JwsPublicKey? rsaKey);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                byte[] data = Encoding.ASCII.GetBytes($"{worker} {i}");
                byte[] ecSignature = ec.SignData(data, HashAlgorithmName.SHA256);
                byte[] rsaSignature = rsa.SignData(data, HashAlgorithmName.SHA384, RSASignaturePadding.Pss);
                Assert.True(ecKey!.Verify(JwsAlgorithm.ES256, data, ecSignature));
                Assert.True(rsaKey!.Verify(JwsAlgorithm.PS384, data, rsaSignature));
                ecSignature[i % 64] ^= 1;
                Assert.False(ecKey.Verify(JwsAlgorithm.ES256, data, ecSignature));
                Assert.False(rsaKey.Verify(JwsAlgorithm.RS384, data, rsaSignature));
            }
        })));
    }

    private static JwkFault Rsa(byte[] modulus, byte[] exponent) => JwsPublicKey.TryCreate(new RSAParameters { Modulus = modulus, Exponent = exponent }, null, null, out _);
}
