using System.Diagnostics;
using System.Security.Cryptography;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Authority.Revocation;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Unit.Authority.Revocation;

/// <summary>What another implementation's command line says of our revocation lists.</summary>
public sealed class OpenSslCrlTests : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openssl-crl-");

    public void Dispose() => _folder.Delete(recursive: true);

    [RequiresToolTheory("openssl")]
    [InlineData(KeyType.Ec256)]
    [InlineData(KeyType.Ec384)]
    [InlineData(KeyType.Rsa2048)]
    public async Task Openssl_verifies_the_list_and_refuses_what_is_in_it(KeyType type)
    {
        using EmbeddedAuthority authority = new(new AuthorityOptions { TrustDomain = TrustDomain.Parse("example.org"), CaKeyType = type }, TimeProvider.System);
        using X509Svid dead = authority.SignX509(new X509SvidRequest { Id = SpiffeId.Parse("spiffe://example.org/agent/review/task/a") });
        using X509Svid alive = authority.SignX509(new X509SvidRequest { Id = SpiffeId.Parse("spiffe://example.org/agent/review/task/b") });
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        CertificateRevocationList list = Assert.Single(authority.SignCrls(
            [new RevokedCertificate(dead.Certificate.IssuerKeyId, dead.SerialNumber, now, CertificateRevocationReason.PrivilegeWithdrawn)], 7, Life));
        string ca = await Pem("ca", "CERTIFICATE", authority.Bundle.X509Der);
        string crl = await Pem("crl", "X509 CRL", list.Der);
        string deadLeaf = await Pem("dead", "CERTIFICATE", dead.Chain);

        Assert.Contains("verify OK", (await OpenSsl("crl", "-in", crl, "-CAfile", ca, "-noout", "-verify")).Output, StringComparison.Ordinal);
        string text = (await OpenSsl("crl", "-in", crl, "-noout", "-text")).Output;
        Assert.Contains("Version 2", text, StringComparison.Ordinal);
        Assert.Contains("Privilege Withdrawn", text, StringComparison.Ordinal);
        Assert.Contains(dead.SerialNumber.ToUpperInvariant(), text, StringComparison.Ordinal);
        Assert.Matches("X509v3 CRL Number:\\s+7", text);

        Assert.Equal(0, (await OpenSsl("verify", "-CAfile", ca, deadLeaf)).Code); // Without the list it passes.
        (int code, string refused) = await OpenSsl("verify", "-x509_strict", "-crl_check", "-CRLfile", crl, "-CAfile", ca, deadLeaf);
        Assert.NotEqual(0, code);
        Assert.Contains("certificate revoked", refused, StringComparison.Ordinal);
        Assert.Equal(0, (await OpenSsl("verify", "-x509_strict", "-crl_check", "-CRLfile", crl, "-CAfile", ca, await Pem("alive", "CERTIFICATE", alive.Chain))).Code);
    }

    [RequiresToolFact("openssl")]
    public async Task Openssl_takes_an_empty_list_for_nothing_revoked()
    {
        using EmbeddedAuthority authority = new(new AuthorityOptions { TrustDomain = TrustDomain.Parse("example.org") }, TimeProvider.System);
        using X509Svid svid = authority.SignX509(new X509SvidRequest { Id = SpiffeId.Parse("spiffe://example.org/web") });
        string ca = await Pem("ca", "CERTIFICATE", authority.Bundle.X509Der);
        string crl = await Pem("crl", "X509 CRL", authority.SignCrls([], 1, Life)[0].Der);
        Assert.Equal(0, (await OpenSsl("verify", "-x509_strict", "-crl_check", "-CRLfile", crl, "-CAfile", ca, await Pem("leaf", "CERTIFICATE", svid.Chain))).Code);
    }

    private async Task<string> Pem(string name, string label, ReadOnlyMemory<byte> der)
    {
        string path = Path.Combine(_folder.FullName, name + ".pem");
        await File.WriteAllTextAsync(path, PemEncoding.WriteString(label, der.Span));
        return path;
    }

    private static async Task<(int Code, string Output)> OpenSsl(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
