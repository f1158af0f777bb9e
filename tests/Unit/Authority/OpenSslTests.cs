using System.Diagnostics;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Unit.Authority;

/// <summary>What another implementation's command line says of what is minted here.</summary>
public sealed class OpenSslTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openssl-");

    public void Dispose() => _folder.Delete(recursive: true);

    [RequiresToolTheory("openssl")]
    [InlineData(KeyType.Ec256)]
    [InlineData(KeyType.Ec384)]
    [InlineData(KeyType.Rsa2048)]
    public async Task Openssl_verifies_and_reads_what_is_minted(KeyType type)
    {
        AuthorityOptions options = new() { TrustDomain = TrustDomain.Parse("example.org"), CaKeyType = type, WorkloadKeyType = type };
        using EmbeddedAuthority authority = new(options, TimeProvider.System);
        using X509Svid svid = authority.SignX509(new X509SvidRequest { Id = SpiffeId.Parse("spiffe://example.org/web"), DnsNames = ["web.example.org"] });
        string ca = await Pem("ca", authority.Bundle.X509Der);
        string leaf = await Pem("leaf", svid.Chain);

        Assert.Contains("OK", await OpenSsl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", ca, leaf), StringComparison.Ordinal);
        Assert.Contains("OK", await OpenSsl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", ca, leaf), StringComparison.Ordinal);
        string text = await OpenSsl("x509", "-in", leaf, "-noout", "-text");
        Assert.Contains("URI:spiffe://example.org/web, DNS:web.example.org", text, StringComparison.Ordinal);
        Assert.Contains("CA:FALSE", text, StringComparison.Ordinal);
        Assert.Contains("Digital Signature\n", text, StringComparison.Ordinal);
        Assert.Contains("CA:TRUE, pathlen:0", await OpenSsl("x509", "-in", ca, "-noout", "-text"), StringComparison.Ordinal);
    }

    private async Task<string> Pem(string name, ReadOnlyMemory<byte> der)
    {
        string path = Path.Combine(_folder.FullName, name + ".pem");
        await File.WriteAllTextAsync(path, System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", der.Span));
        return path;
    }

    private static async Task<string> OpenSsl(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return output;
    }
}
