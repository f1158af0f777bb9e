using Spiffe.Agent.Attestation.Attestors.Kubernetes;
using Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;
using Spiffe.Agent.Configuration;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Unit.Attestation.Kubernetes;

/// <summary>The manifest's configuration is one that this version reads without a fault or warning.</summary>
public sealed class ManifestTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_configuration_of_the_manifest_is_read_with_its_alternatives(bool isPinned)
    {
        string text = Configuration();
        if (isPinned) text = text.Replace("# kubelet_certificate:", "kubelet_certificate:", StringComparison.Ordinal);

        LoadedConfiguration loaded = ConfigurationLoader.Parse(text, "/etc/spiffe-agent/agent.yaml", name => name switch { "NODE_NAME" => "node-1", "NODE_IP" => "10.0.0.1", _ => null });

        Assert.Empty(loaded.Faults);
        Assert.Empty(loaded.Warnings);
        KubernetesAttestorOptions read = loaded.Options!.Attestors.Kubernetes;
        Assert.Equal(isPinned, read.KubeletCertificate is not null);
        KubeletEndpoint endpoint = KubeletEndpoint.Of(new KubeletOptions { Kubelet = read.Kubelet, NodeName = read.NodeName, KubeletCertificate = read.KubeletCertificate, TokenFile = "/token" })!;
        Assert.Equal(("kubelet 10.0.0.1:10250", "node-1"), (endpoint.Name, endpoint.NodeName));
    }

    /// <summary>The text below <c>agent.yaml: |</c>, without its indentation.</summary>
    private static string Configuration()
    {
        const string Indentation = "    ";
        IEnumerable<string> lines = File.ReadLines(Repository.Path("packaging", "kubernetes", "daemonset.yaml")).SkipWhile(line => line.Trim() != "agent.yaml: |").Skip(1);
        return string.Join('\n', lines.TakeWhile(line => line.StartsWith(Indentation, StringComparison.Ordinal)).Select(line => line[Indentation.Length..]));
    }
}
