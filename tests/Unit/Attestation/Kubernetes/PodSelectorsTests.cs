using System.Text.Json.Nodes;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tests.TestKit.Kubelet;

namespace Spiffe.Agent.Tests.Unit.Attestation.Kubernetes;

/// <summary>The selectors of a container: SPIRE's, in SPIRE's forms, and ours beside them.</summary>
public sealed class PodSelectorsTests
{
    private static readonly string WebDigest = $"sha256:{PodText.Id(1 + 0x2000000)}";

    [Fact]
    public void A_container_has_every_selector_of_its_own_and_of_its_pod()
    {
        JsonObject pod = PodText.Pod(1, PodText.Status("web", 1), PodText.Status("log", 2));
        pod["status"]!["initContainerStatuses"] = new JsonArray(PodText.Status("setup", 3));
        pod["status"]!["ephemeralContainerStatuses"] = new JsonArray(PodText.Status("debugger", 4));

        string[] expected =
        [
            "ns:shop", "sa:web", "node-name:node-1", $"pod-uid:{PodText.Uid(1)}", "pod-name:web-1",
            "pod-label:app:web", "pod-label:tier:", "pod-label:pod-template-hash:7d9f8",
            "pod-owner:ReplicaSet:web-7d9f8", "pod-owner-uid:ReplicaSet:aaaaaaaa-0000-4000-8000-000000000001",
            "pod-image:registry.example/web:1", $"pod-image:registry.example/web@{WebDigest}",
            "pod-image:registry.example/log:1", $"pod-image:registry.example/log@sha256:{PodText.Id(2 + 0x2000000)}", "pod-image-count:2",
            "pod-init-image:registry.example/setup:1", $"pod-init-image:registry.example/setup@sha256:{PodText.Id(3 + 0x2000000)}", "pod-init-image-count:1",
            "container-name:web", "container-type:regular", "container-image:registry.example/web:1", $"container-image:registry.example/web@{WebDigest}",
            $"container-image-digest:{WebDigest}",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), SelectorsOf(pod, 1, SelectorKinds.All).Order(StringComparer.Ordinal));
        Assert.Contains("container-type:init", SelectorsOf(pod, 3, SelectorKinds.All));
        Assert.Contains("container-name:debugger", SelectorsOf(pod, 4, SelectorKinds.All));
        Assert.Contains("container-type:ephemeral", SelectorsOf(pod, 4, SelectorKinds.All));
    }

    [Fact]
    public void Of_many_labels_and_images_only_those_are_kept_that_somebody_names()
    {
        SelectorKinds needed = SelectorKinds.Of([new("k8s", "ns:elsewhere"), new("k8s", "pod-label:app:web"), new("k8s", "pod-image:registry.example/other:1")]);

        Assert.Equal(["ns:shop", "pod-label:app:web"], SelectorsOf(PodText.Pod(1), 1, needed));
    }

    [Fact]
    public void What_a_pod_does_not_have_is_no_selector()
    {
        JsonObject pod = PodText.Pod(1);
        pod["spec"]!.AsObject().Remove("serviceAccountName");
        pod["metadata"]!.AsObject().Remove("labels");
        pod["metadata"]!["ownerReferences"] = null;
        pod["status"]!["containerStatuses"]![0]!["imageID"] = "";

        string[] selectors = SelectorsOf(pod, 1, SelectorKinds.All);

        Assert.DoesNotContain(selectors, s => s.StartsWith("sa:", StringComparison.Ordinal) || s.StartsWith("pod-label:", StringComparison.Ordinal)
            || s.StartsWith("pod-owner", StringComparison.Ordinal) || s.StartsWith("container-image-digest:", StringComparison.Ordinal) || s.EndsWith("image:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("docker-pullable://registry.example/web@sha256:{0}", true)]
    [InlineData("registry.example/web@sha256:{0}", true)]
    [InlineData("sha256:{0}", false)]
    [InlineData("docker://sha256:{0}", false)]
    [InlineData("registry.example/web@sha256:{0}0", false)]
    [InlineData("registry.example/web@sha512:{0}", false)]
    [InlineData("registry.example/web@sha256:F{0}", false)]
    public void A_digest_is_the_one_that_the_image_was_pulled_by(string form, bool isDigest)
    {
        string imageId = form.Replace("{0}", PodText.Id(7), StringComparison.Ordinal);
        JsonObject pod = PodText.Pod(1);
        pod["status"]!["containerStatuses"]![0]!["imageID"] = imageId;

        string[] selectors = SelectorsOf(pod, 1, SelectorKinds.All);

        Assert.Contains($"container-image:{imageId}", selectors);
        Assert.Equal(isDigest, selectors.Contains($"container-image-digest:sha256:{PodText.Id(7)}", StringComparer.Ordinal));
    }

    [Fact]
    public void A_value_that_no_selector_can_hold_is_refused_and_takes_nothing_with_it()
    {
        JsonObject pod = PodText.Pod(1);
        pod["status"]!["containerStatuses"]![0]!["image"] = "web\nns:admin";
        PodFinding finding = PodListParserTests.Read(PodText.List(pod)).Find(PodListParserTests.Place(1));
        PodSelectors selectors = new(SelectorKinds.Of([new("k8s", "ns"), new("k8s", "container-image")]), "kubelet");

        selectors.Add(finding.Pod!, finding.Container!);

        Assert.Equal(["ns:shop", $"container-image:registry.example/web@{WebDigest}"], selectors.Findings.Evidence.Select(e => e.Selector.Value));
        Assert.Equal(("container-image", EvidenceRefusal.AnswerMalformed), selectors.Findings.Refused.Select(r => (r.Key, r.Reason)).Single());
    }

    private static string[] SelectorsOf(JsonObject pod, int container, SelectorKinds needed)
    {
        PodFinding finding = PodListParserTests.Read(PodText.List(pod)).Find(PodListParserTests.Place(1, container));
        PodSelectors selectors = new(needed, "kubelet 127.0.0.1:10250");
        selectors.Add(finding.Pod!, finding.Container!);
        Assert.Empty(selectors.Findings.Refused);
        Assert.All(selectors.Findings.Evidence, e => Assert.Equal(("k8s", "kubelet 127.0.0.1:10250"), (e.Selector.Type, e.Source)));
        return [.. selectors.Findings.Evidence.Select(e => e.Selector.Value)];
    }
}
