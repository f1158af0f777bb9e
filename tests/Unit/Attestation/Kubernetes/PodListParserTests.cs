using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Tests.TestKit.Kubelet;

namespace Spiffe.Agent.Tests.Unit.Attestation.Kubernetes;

/// <summary>What is read of the kubelet's answer, and what is not taken for one.</summary>
public sealed class PodListParserTests
{
    [Fact]
    public void A_running_container_is_found_with_what_selectors_speak_of()
    {
        PodFinding finding = Read(PodText.List(PodText.Pod(1), PodText.Pod(2))).Find(Place(2));

        Assert.Equal(PodFindingState.Found, finding.State);
        Pod pod = finding.Pod!;
        Assert.Equal(("web-2", "shop", "web", "node-1", PodText.Uid(2)), (pod.Name, pod.Namespace, pod.ServiceAccount, pod.NodeName, pod.Uid));
        Assert.Equal([new("app", "web"), new("tier", ""), new("pod-template-hash", "7d9f8")], pod.Labels);
        Assert.Equal([new PodOwner("ReplicaSet", "web-7d9f8", "aaaaaaaa-0000-4000-8000-000000000001")], pod.Owners);
        Assert.Equal(
            new PodContainer(ContainerKind.Regular, "web", "registry.example/web:1", $"registry.example/web@sha256:{PodText.Id(2 + 0x2000000)}", "containerd", PodText.Id(2)),
            finding.Container);
    }

    [Fact]
    public void Containers_of_all_three_lists_are_found_and_told_apart()
    {
        JsonObject pod = PodText.Pod(1);
        pod["status"]!["initContainerStatuses"] = new JsonArray(PodText.Status("setup", 2), PodText.Status("sidecar", 3));
        pod["status"]!["ephemeralContainerStatuses"] = new JsonArray(PodText.Status("debugger", 4));
        PodList list = Read(PodText.List(pod));

        Assert.Equal(
            [ContainerKind.Regular, ContainerKind.Init, ContainerKind.Init, ContainerKind.Ephemeral],
            Enumerable.Range(1, 4).Select(container => list.Find(Place(1, container)).Container!.Kind));
    }

    [Fact]
    public void The_container_that_ran_before_is_not_found()
    {
        PodFinding finding = Read(PodText.List(PodText.Pod(1))).Find(Place(1, 1 + 0x1000000));

        Assert.Equal(PodFindingState.ContainerUnknown, finding.State);
    }

    [Fact]
    public void A_pending_pod_is_known_and_its_container_is_not()
    {
        JsonObject status = PodText.Status("web", 1);
        status.Remove("containerID");
        status["imageID"] = "";
        JsonObject withoutStatus = PodText.Pod(2);
        withoutStatus["status"] = new JsonObject { ["phase"] = "Pending" };
        PodList list = Read(PodText.List(PodText.Pod(1, status), withoutStatus));

        Assert.Equal(PodFindingState.ContainerUnknown, list.Find(Place(1)).State);
        Assert.Equal(PodFindingState.ContainerUnknown, list.Find(Place(2)).State);
        Assert.Equal(PodFindingState.PodUnknown, list.Find(Place(3)).State);
    }

    [Fact]
    public void A_static_pod_is_found_by_the_hash_that_its_cgroup_has_and_its_mirror_is_left_out()
    {
        const string Hash = "0e7cbb5f3e6b4c7c8e6a2f1d9b8a7c6d";
        JsonObject itself = PodText.Pod(1);
        itself["metadata"]!["uid"] = Hash;
        itself["metadata"]!["annotations"] = new JsonObject { ["kubernetes.io/config.hash"] = Hash, ["kubernetes.io/config.source"] = "file" };
        JsonObject mirror = PodText.Pod(1);
        mirror["metadata"]!["annotations"] = new JsonObject { ["kubernetes.io/config.hash"] = Hash, ["kubernetes.io/config.mirror"] = Hash, ["kubernetes.io/config.source"] = "file" };
        PodList list = Read(PodText.List(mirror, itself));

        Assert.Equal(PodFindingState.Found, list.Find(Place(1) with { PodUid = Hash }).State);
        Assert.Equal(1, list.Count);
    }

    [Fact]
    public void A_container_that_two_pods_claim_is_nobodys()
    {
        PodFinding finding = Read(PodText.List(PodText.Pod(1), PodText.Pod(2, PodText.Status("thief", 1)))).Find(Place(1));

        Assert.Equal(PodFindingState.Contradicted, finding.State);
    }

    [Fact]
    public void A_container_that_is_listed_in_another_pod_than_its_cgroups_is_contradicted()
    {
        PodList list = Read(PodText.List(PodText.Pod(1), PodText.Pod(2)));

        Assert.Equal(PodFindingState.Contradicted, list.Find(Place(1) with { PodUid = PodText.Uid(2) }).State);
    }

    [Theory]
    [InlineData(ContainerRuntime.Docker, "docker", true)]
    [InlineData(ContainerRuntime.Docker, "containerd", false)]
    [InlineData(ContainerRuntime.Containerd, "containerd", true)]
    [InlineData(ContainerRuntime.CriO, "cri-o", true)]
    [InlineData(ContainerRuntime.CriO, "containerd", false)]
    [InlineData(ContainerRuntime.Podman, "cri-o", false)]
    [InlineData(ContainerRuntime.Unknown, "anything", true)]
    public void Layout_and_kubelet_must_name_one_runtime(ContainerRuntime layout, string listed, bool agree)
    {
        PodFinding finding = Read(PodText.List(PodText.Pod(1, PodText.Status("web", 1, listed)))).Find(Place(1) with { Runtime = layout });

        Assert.Equal(agree ? PodFindingState.Found : PodFindingState.Contradicted, finding.State);
    }

    [Fact]
    public void The_order_and_the_company_of_what_is_needed_do_not_matter()
    {
        string text = """
            {"items":[{"status":{"x":[[{"containerID":"containerd://ID9"}]],"containerStatuses":[{"containerID":"containerd://ID1","name":"web"}]},
            "spec":{"containers":[{"name":"spec"}],"volumes":[{"metadata":{"uid":"no"}}]},"metadata":{"uid":"UID1","extra":{"uid":"no","name":"no"},"n\u0061me":"web-1"}}],
            "kind":"PodList","metadata":{"items":[{"metadata":{"uid":"no"}}]}}
            """.Replace("UID1", PodText.Uid(1), StringComparison.Ordinal).Replace("ID1", PodText.Id(1), StringComparison.Ordinal).Replace("ID9", PodText.Id(9), StringComparison.Ordinal);

        PodFinding finding = Read(text).Find(Place(1));

        Assert.Equal("web-1", finding.Pod!.Name);
        Assert.Equal(PodFindingState.ContainerUnknown, Read(text).Find(Place(1, 9)).State);
    }

    [Theory]
    [InlineData("""{"kind":"PodList","items":null}""")]
    [InlineData("""{"items":[]}""")]
    public void A_node_without_pods_is_a_list(string text) => Assert.Equal(0, Read(text).Count);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"PodList\"")]
    [InlineData("404 page not found")]
    [InlineData("<html></html>")]
    [InlineData("""{"kind":"PodList"}""")]
    [InlineData("""{"kind":"Status","items":[]}""")]
    [InlineData("""{"kind":1,"items":[]}""")]
    [InlineData("""{"items":{}}""")]
    [InlineData("""{"items":"none"}""")]
    [InlineData("""{"items":[1]}""")]
    [InlineData("""{"items":[[]]}""")]
    [InlineData("""{"items":[]} {"items":[]}""")]
    [InlineData("""{"items":[],"items":[]}""")]
    [InlineData("""{"items":[{}]}""")]
    [InlineData("""{"items":[{"metadata":{"name":"no-uid"}}]}""")]
    [InlineData("""{"items":[{"metadata":{"uid":1}}]}""")]
    [InlineData("""{"items":[{"metadata":{"uid":"a","uid":"b"}}]}""")]
    [InlineData("""{"items":[{"metadata":{"uid":"a"},"metadata":{"uid":"b"}}]}""")]
    [InlineData("""{"items":[{"metadata":{"uid":"a","labels":{"k":"1","k":"2"}}}]}""")]
    [InlineData("""{"items":[{"metadata":{"uid":"a","labels":{"k":{}}}}]}""")]
    [InlineData("""{"items":[{"metadata":{"uid":"a","labels":[]}}]}""")]
    [InlineData("""{"items":[{"metadata":{"uid":"a"}},{"metadata":{"uid":"a"}}]}""")]
    [InlineData("""{"items":[{"metadata":{"uid":"a"},"status":{"containerStatuses":[{"containerID":["containerd://1"]}]}}]}""")]
    [InlineData("""{"items":[{"metadata":{"uid":"\ud800"}}]}""")]
    [InlineData("""{"items":[{"metadata":{"uid":"a"}}]""")]
    public void What_the_api_never_says_is_refused_as_a_whole(string text) => Assert.ThrowsAny<JsonException>(() => Read(text));

    [Fact]
    public void A_list_reads_the_same_in_pieces_of_any_length()
    {
        byte[] text = Encoding.UTF8.GetBytes(PodText.List(Enumerable.Range(1, 3).Select(number => PodText.Pod(number))));
        for (int length = 1; length < 400; length += 7)
        {
            PodListParser parser = new();
            int taken = 0;
            for (int end = length; taken < text.Length; end = Math.Min(end + length, text.Length))
            {
                taken += parser.Read(text.AsSpan(taken, end - taken), end == text.Length);
                if (end == text.Length) break;
            }

            Assert.Equal(PodFindingState.Found, parser.List.Find(Place(3)).State);
            Assert.Equal(3, parser.List.Count);
        }
    }

    [Fact]
    public async Task A_long_text_that_nobody_needs_grows_the_buffer_and_nothing_else()
    {
        JsonObject pod = PodText.Pod(1);
        pod["spec"]!["env"] = new string('<', 300_000); // a million and more characters when escaped
        byte[] text = Encoding.UTF8.GetBytes(PodText.List(pod, PodText.Pod(2)));
        Assert.True(text.Length > 1_500_000);

        PodList list = await PodListReader.ReadAsync(new MemoryStream(text), text.Length, CancellationToken.None);

        Assert.Equal(PodFindingState.Found, list.Find(Place(2)).State);
        await Assert.ThrowsAsync<InvalidDataException>(() => PodListReader.ReadAsync(new MemoryStream(text), text.Length - 1, CancellationToken.None));
    }

    internal static ContainerPlace Place(int pod, int? container = null) =>
        new(ContainerRuntime.Containerd, PodText.Id(container ?? pod), $"/kubepods.slice/kubepods-pod{pod}.slice/cri-containerd-{pod}.scope") { PodUid = PodText.Uid(pod) };

    internal static PodList Read(string text)
    {
        PodListParser parser = new();
        parser.Read(Encoding.UTF8.GetBytes(text), isLast: true);
        return parser.List;
    }
}
