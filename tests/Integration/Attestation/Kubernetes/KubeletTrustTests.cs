using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Attestation.Attestors.Kubernetes;
using Spiffe.Agent.Tests.TestKit.Kubelet;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation.Kubernetes;

/// <summary>Whoever sits on the kubelet's port without being the kubelet is not believed, and is told no token.</summary>
public sealed class KubeletTrustTests
{
    private static readonly Func<KubeletQuestion, KubeletAnswer> WithPod = static _ => KubeletAnswer.Text(PodText.List(PodText.Pod(1)));

    [Fact]
    public async Task A_user_on_the_kubelets_port_is_not_believed_and_sees_no_token()
    {
        using X509Certificate2 own = KubeletAuthority.SelfSigned(KubeletStage.Node);
        await RefusedAsync(own, "kubelet_certificate");
    }

    [Fact]
    public async Task Another_node_of_the_same_cluster_is_not_this_one()
    {
        using KubeletAuthority authority = new();
        using X509Certificate2 other = authority.Serving("node-2.example");
        await RefusedAsync(other, "set node_name", authority.Pem);
    }

    [Theory]
    [InlineData("*.example")]
    [InlineData("10.0.0.9")]
    public async Task Neither_a_wildcard_nor_an_address_stands_for_the_node(string name)
    {
        using KubeletAuthority authority = new();
        using X509Certificate2 other = authority.Serving(name);
        await RefusedAsync(other, "set node_name", authority.Pem);
    }

    [Fact]
    public async Task A_name_in_the_subject_alone_does_not_count()
    {
        using KubeletAuthority authority = new();
        using X509Certificate2 old = authority.ServingBySubject(KubeletStage.Node);
        await RefusedAsync(old, "set node_name", authority.Pem);
    }

    [Fact]
    public async Task A_clients_certificate_of_the_same_authority_serves_nobody()
    {
        using KubeletAuthority authority = new();
        using X509Certificate2 client = authority.Client(KubeletStage.Node);
        await RefusedAsync(client, "NotValidForUsage", authority.Pem);
    }

    [Fact]
    public async Task A_certificate_that_has_expired_or_is_not_valid_yet_is_refused()
    {
        using KubeletAuthority authority = new();
        using X509Certificate2 expired = authority.Serving(KubeletStage.Node, ends: TimeSpan.FromMinutes(-1));
        using X509Certificate2 early = authority.Serving(KubeletStage.Node, begins: TimeSpan.FromMinutes(10));
        await RefusedAsync(expired, "NotTimeValid", authority.Pem);
        await RefusedAsync(early, "NotTimeValid", authority.Pem);
    }

    [Fact]
    public async Task A_kubelet_without_tls_gets_nothing_from_us()
    {
        await using KubeletStage stage = new(isSecure: false);
        KubeletOptions options = new() { Kubelet = new Uri($"https://127.0.0.1:{stage.Kubelet.Port}"), ServiceAccount = stage.Folder, NodeName = KubeletStage.Node, RequestTimeout = TimeSpan.FromMilliseconds(300) };

        await stage.FailureAsync(options);

        Assert.Empty(stage.Kubelet.Questions);
    }

    [Fact]
    public async Task The_pinned_certificate_is_the_kubelet_whatever_its_name_and_dates()
    {
        using X509Certificate2 own = KubeletAuthority.SelfSigned("anything", ends: TimeSpan.FromDays(-1));
        using X509Certificate2 twin = KubeletAuthority.SelfSigned("anything", ends: TimeSpan.FromDays(-1));
        await using KubeletStage stage = new(own);
        stage.Kubelet.Answer = WithPod;
        KubeletOptions options = stage.Options(pinned: stage.Write("kubelet.crt", own.ExportCertificatePem() + "\n" + stage.Authority.Pem), nodeName: null);
        KubernetesAttestor attestor = stage.Attestor(options);
        Assert.NotEmpty((await stage.AskAsync(attestor)).Evidence);

        await using KubeletStage squatter = new(twin);
        Assert.Contains("not the one", await squatter.FailureAsync(squatter.Options(pinned: squatter.Write("kubelet.crt", own.ExportCertificatePem()))), StringComparison.Ordinal);
        Assert.Empty(squatter.Kubelet.Questions);
    }

    [Fact]
    public async Task A_rotated_authority_counts_from_the_next_question_on_and_the_old_one_no_longer()
    {
        await using KubeletStage stage = new();
        stage.Kubelet.Answer = WithPod;
        using KubeletAuthority next = new();
        using X509Certificate2 serving = next.Serving(KubeletStage.Node);
        KubernetesAttestor attestor = stage.Attestor();
        Assert.NotEmpty((await stage.AskAsync(attestor)).Evidence);

        stage.Write("ca.crt", next.Pem);
        await Assert.ThrowsAnyAsync<Exception>(() => stage.AskAsync(attestor)); // though its connection is still open
        stage.Kubelet.Certificate = serving;

        Assert.NotEmpty((await stage.AskAsync(attestor)).Evidence);
        Assert.Equal(2, stage.Kubelet.Questions.Count);
    }

    [Fact]
    public async Task A_rotated_token_is_the_one_that_is_shown()
    {
        await using KubeletStage stage = new();
        stage.Kubelet.Answer = WithPod;
        KubernetesAttestor attestor = stage.Attestor();

        await stage.AskAsync(attestor);
        stage.Write("token", "second-token\n");
        await stage.AskAsync(attestor);

        Assert.Equal(["Bearer first-token", "Bearer second-token"], stage.Kubelet.Questions.Select(q => q.Authorization));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nX-Injected: yes")]
    public async Task A_file_that_holds_no_token_is_said_to_and_nothing_is_sent(string content)
    {
        await using KubeletStage stage = new();
        stage.Write("token", content);

        string message = await stage.FailureAsync();

        Assert.Contains("token_file", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Injected", message, StringComparison.Ordinal);
        Assert.Empty(stage.Kubelet.Questions);
    }

    [Fact]
    public async Task A_client_certificate_is_shown_instead_of_a_token_also_from_one_file()
    {
        await using KubeletStage stage = new();
        stage.Kubelet.Answer = WithPod;
        using X509Certificate2 client = stage.Authority.Client("agent");
        string both = stage.Write("client.pem", client.ExportCertificatePem() + "\n" + KubeletAuthority.KeyOf(client));

        Assert.NotEmpty((await stage.AskAsync(stage.Options(clientCertificate: both, clientKey: both))).Evidence);

        Assert.Equal(((string?)null, "CN=agent"), stage.Kubelet.Questions.Select(q => (q.Authorization, q.ClientSubject)).Single());
    }

    [Fact]
    public async Task Files_that_are_missing_wrong_or_anybodys_are_named()
    {
        await using KubeletStage stage = new();
        using X509Certificate2 client = stage.Authority.Client("agent");
        string certificate = stage.Write("client.crt", client.ExportCertificatePem());
        string foreignKey = stage.Write("client.key", KubeletAuthority.KeyOf(stage.Kubelet.Certificate!));

        Assert.Contains("client_certificate and client_key", await stage.FailureAsync(stage.Options(clientCertificate: certificate, clientKey: foreignKey)), StringComparison.Ordinal);
        Assert.Contains("ca_file", await stage.FailureAsync(stage.Options(caFile: stage.Write("empty.crt", "nothing"))), StringComparison.Ordinal);
        Assert.Contains("is it there", await stage.FailureAsync(stage.Options(caFile: "/nonexistent/ca.crt")), StringComparison.Ordinal);
        File.SetUnixFileMode(Path.Combine(stage.Folder, "ca.crt"), (UnixFileMode)0b110_110_110);
        Assert.Contains("chmod o-w", await stage.FailureAsync(), StringComparison.Ordinal);
        Assert.Equal(0, stage.Kubelet.Connections);
    }

    [RequiresRootFact]
    public async Task The_read_only_port_is_believed_while_it_is_roots()
    {
        await using KubeletStage stage = new(isSecure: false);
        stage.Kubelet.Answer = WithPod;

        Assert.NotEmpty((await stage.AskAsync()).Evidence);
        Assert.Null(stage.Kubelet.Questions.Single().Authorization);
    }

    [RequiresRootFact]
    public async Task Verification_may_be_skipped_on_loopback_while_the_port_is_roots()
    {
        using X509Certificate2 own = KubeletAuthority.SelfSigned("whoever", ends: TimeSpan.FromDays(-1));
        await using KubeletStage stage = new(own);
        stage.Kubelet.Answer = WithPod;

        Assert.NotEmpty((await stage.AskAsync(stage.Options(insecure: true))).Evidence);
    }

    /// <summary>A stage whose kubelet shows a certificate that is not to be believed: it fails with this reason, and no question is ever put.</summary>
    private static async Task RefusedAsync(X509Certificate2 shown, string reason, string? authority = null)
    {
        await using KubeletStage stage = new(shown);
        stage.Kubelet.Answer = WithPod;
        if (authority is not null) stage.Write("ca.crt", authority);

        Assert.Contains(reason, await stage.FailureAsync(), StringComparison.Ordinal);

        Assert.Empty(stage.Kubelet.Questions);
        Assert.Equal(1, stage.Kubelet.Connections);
    }
}
