using System.Net;
using Spiffe.Agent.Attestation.Attestors.Kubernetes;
using Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;

namespace Spiffe.Agent.Tests.Unit.Attestation.Kubernetes;

/// <summary>Options that would believe or tell anybody are refused before anything is asked.</summary>
public sealed class KubeletEndpointTests
{
    private const string Nowhere = "/nonexistent";

    [Theory]
    [InlineData("https://127.0.0.1:10250", null, "127.0.0.1", 10250, true)]
    [InlineData("https://[::1]:10250", null, "::1", 10250, true)]
    [InlineData("http://127.0.0.1:10255", null, "127.0.0.1", 10255, true)]
    [InlineData("https://10.0.0.1:10250", "10.0.0.1", "10.0.0.1", 10250, false)]
    [InlineData("https://node-1.example:10250", "node-1.example", "node-1.example", 10250, false)]
    public void A_kubelet_is_asked_where_it_is_configured_and_named_as_it_should_be(string address, string? name, string host, int port, bool isOnLoopback)
    {
        KubeletEndpoint endpoint = KubeletEndpoint.Of(new KubeletOptions { Kubelet = new Uri(address), TokenFile = "/token" })!;

        Assert.Equal((host, port, isOnLoopback), (endpoint.Host.Trim('[', ']'), endpoint.Port, endpoint.IsOnLoopback));
        Assert.Equal(name ?? Dns.GetHostName(), endpoint.NodeName);
        Assert.Equal("/pods", endpoint.Pods.AbsolutePath);
        Assert.Equal("node-2", KubeletEndpoint.Of(new KubeletOptions { Kubelet = new Uri(address), TokenFile = "/token", NodeName = "node-2" })!.NodeName);
    }

    [Fact]
    public void With_nothing_to_be_known_by_no_kubelet_is_asked()
    {
        Assert.Null(KubeletEndpoint.Of(new KubeletOptions { ServiceAccount = Nowhere }));
        Assert.Null(KubeletEndpoint.Of(new KubeletOptions { Kubelet = new Uri("https://10.0.0.1:10250"), ServiceAccount = Nowhere }));
        Assert.NotNull(KubeletEndpoint.Of(new KubeletOptions { Kubelet = new Uri("http://127.0.0.1:10255"), ServiceAccount = Nowhere }));
    }

    [Fact]
    public void In_a_pod_with_a_service_account_the_kubelet_of_this_machine_is_asked()
    {
        string account = Directory.CreateTempSubdirectory("account").FullName;
        try
        {
            File.WriteAllText(Path.Combine(account, "token"), "t");
            Assert.Equal("kubelet 127.0.0.1:10250", KubeletEndpoint.Of(new KubeletOptions { ServiceAccount = account })!.Name);
        }
        finally
        {
            Directory.Delete(account, recursive: true);
        }
    }

    public static TheoryData<string, string> Faulty => new()
    {
        { "http://10.0.0.1:10255", "loopback" },
        { "http://localhost:10255", "loopback" },
        { "ftp://127.0.0.1", "https://host:port" },
        { "https://127.0.0.1:10250/pods", "nothing behind it" },
        { "https://127.0.0.1:10250/?a=b", "nothing behind it" },
        { "https://user:password@127.0.0.1:10250", "nothing behind it" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void An_address_that_anybody_could_answer_at_is_refused(string address, string rule) => Refused(new KubeletOptions { Kubelet = new Uri(address) }, rule);

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        Uri remote = new("https://10.0.0.1:10250");
        Uri local = new("https://127.0.0.1:10250");
        Refused(new KubeletOptions { Kubelet = remote, InsecureSkipVerification = true }, "loopback");
        Refused(new KubeletOptions { Kubelet = local, InsecureSkipVerification = true, CaFile = "/ca" }, "contradicts");
        Refused(new KubeletOptions { Kubelet = local, InsecureSkipVerification = true, KubeletCertificate = "/crt" }, "contradicts");
        Refused(new KubeletOptions { Kubelet = local, CaFile = "/ca", KubeletCertificate = "/crt" }, "one of them");
        Refused(new KubeletOptions { Kubelet = local, ClientCertificate = "/crt" }, "both or neither");
        Refused(new KubeletOptions { Kubelet = local, ClientKey = "/key" }, "both or neither");
        Refused(new KubeletOptions { Kubelet = local, ClientCertificate = "/crt", ClientKey = "/key", TokenFile = "/token" }, "one of them");
    }

    private static void Refused(KubeletOptions options, string rule) =>
        Assert.Contains(rule, Assert.Throws<ArgumentException>(() => KubeletEndpoint.Of(options)).Message, StringComparison.Ordinal);
}
