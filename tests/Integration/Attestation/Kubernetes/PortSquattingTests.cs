using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Attestation.Attestors.Kubernetes;
using Spiffe.Agent.Tests.TestKit.Kubelet;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation.Kubernetes;

/// <summary>Any user may take a free port on loopback, the kubelet's too while it is down: then nothing is believed and no token is told, verified or not.</summary>
public sealed class PortSquattingTests
{
    [RequiresRootTheory("setpriv", "/usr/bin/python3")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_user_who_took_the_port_fools_a_naive_client_and_not_us(bool isSecure)
    {
        await using KubeletStage stage = new();
        using X509Certificate2 own = KubeletAuthority.SelfSigned(KubeletStage.Node);
        File.SetUnixFileMode(stage.Folder, (UnixFileMode)0b111_101_101);
        string body = stage.Write("body", PodText.List(PodText.Pod(1)));
        string? pem = isSecure ? stage.Write("squatter.pem", own.ExportCertificatePem() + "\n" + KubeletAuthority.KeyOf(own)) : null;
        await using Squatter squatter = await Squatter.StartAsync(body, pem);
        Uri address = new($"{(isSecure ? "https" : "http")}://127.0.0.1:{squatter.Port}");

        Assert.Contains("web-1", await AskNaivelyAsync(address), StringComparison.Ordinal);

        KubeletOptions unverified = new()
        {
            Kubelet = address,
            TokenFile = Path.Combine(stage.Folder, "token"),
            InsecureSkipVerification = isSecure,
            PollInterval = TimeSpan.Zero,
        };
        Assert.Contains("root does not own the socket", await stage.FailureAsync(unverified), StringComparison.Ordinal);

        string[] asked = (await squatter.EndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(isSecure ? ["asked Bearer naive"] : ["asked Bearer naive", "asked None"], asked);
    }

    /// <summary>As one would who only wants an answer.</summary>
    private static async Task<string> AskNaivelyAsync(Uri address)
    {
        using HttpClientHandler handler = new() { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using HttpClient client = new(handler);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "naive");
        return await client.GetStringAsync(new Uri(address, "pods"));
    }
}
