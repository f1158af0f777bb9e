using Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Unit.Attestation.Kubernetes;

/// <summary>What a real kubelet (1.20.2 on containerd) said of its pods, against the cgroups that it had made for them: tests/E2E/harness/kubelet-record.sh.</summary>
public sealed class RecordedKubeletTests
{
    private static readonly string Folder = Repository.Path("tests", "Unit", "Attestation", "Kubernetes", "Recorded");

    [Theory]
    [InlineData("default web web regular", "ns:default", "sa:default", "node-name:node", "pod-label:app.kubernetes.io/part-of:shop", "container-image:example.org/web:1",
        "container-image-digest:sha256:d2433d08743a052ae9165c91f1c1da14991bdb5b335bd48a0eca8c67b66ceede", "pod-image-count:1", "pod-init-image-count:0")]
    [InlineData("default web probe ephemeral", "container-image:example.org/shop:2", "pod-image:example.org/web:1", "pod-image-count:1")]
    [InlineData("default beacon-node beacon regular", "ns:default", "pod-uid:7f43518f642f94c169e66b9f6918f8fc", "node-name:node")]
    [InlineData("store shop-7c5d8f6b9-x2x7k app regular", "sa:shop", "pod-owner:ReplicaSet:shop-7c5d8f6b9", "pod-owner-uid:ReplicaSet:5d9a4c1e-3b7f-4a52-9f0e-1c2d3e4f5a6b",
        "pod-image-count:2", "pod-image:example.org/proxy:3", "pod-init-image:example.org/prepare:1")]
    [InlineData("store shop-7c5d8f6b9-x2x7k proxy regular", "container-image:example.org/proxy:3")]
    [InlineData("store starting migrate init", "container-image:example.org/prepare:1", "pod-init-image-count:1")]
    [InlineData("store flaky app regular", "pod-label:app:flaky")]
    [InlineData("store ledger ledger regular", "pod-label:app:ledger")]
    public void A_container_that_runs_is_found_by_its_cgroup(string who, params string[] among)
    {
        string[] parts = who.Split(' ');
        string[] named = [$"ns:{parts[0]}", $"pod-name:{parts[1]}", $"container-name:{parts[2]}", $"container-type:{parts[3]}"];

        string[] found = Assert.Single(Containers().Select(SelectorsOf), selectors => named.All(s => selectors.Contains(s, StringComparer.Ordinal)));

        Assert.Empty(among.Except(found, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_cgroup_is_a_container_of_the_list_or_the_sandbox_of_a_listed_pod()
    {
        PodList list = List();
        PodFindingState[] states = [.. Containers().Select(place => list.Find(place).State)];

        Assert.Equal(8, states.Count(s => s is PodFindingState.Found));
        Assert.Equal(states.Length - 8, states.Count(s => s is PodFindingState.ContainerUnknown));
    }

    [Fact]
    public void A_static_pods_process_has_no_service_account() =>
        Assert.DoesNotContain(Containers().Select(SelectorsOf).Single(s => s.Contains("pod-name:beacon-node")), s => s.StartsWith("sa:", StringComparison.Ordinal));

    private static PodList List()
    {
        PodListParser parser = new();
        parser.Read(File.ReadAllBytes(Path.Combine(Folder, "pods.json")), isLast: true);
        return parser.List;
    }

    private static IEnumerable<ContainerPlace> Containers()
    {
        CgroupLayouts layouts = new(new CgroupOptions());
        return File.ReadLines(Path.Combine(Folder, "cgroups.txt")).Select(path => layouts.Locate(path.TrimEnd('/')).Place.Container).OfType<ContainerPlace>();
    }

    private static string[] SelectorsOf(ContainerPlace place)
    {
        PodFinding finding = List().Find(place);
        if (finding.State is not PodFindingState.Found) return [];
        PodSelectors selectors = new(SelectorKinds.All, "kubelet");
        selectors.Add(finding.Pod!, finding.Container!);
        return [.. selectors.Findings.Evidence.Select(e => e.Selector.Value)];
    }
}
