using System.Text;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Kubernetes;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tests.TestKit.Kubelet;

namespace Spiffe.Agent.Tests.Integration.Attestation.Kubernetes;

/// <summary>Who is asked about, how often, and what each answer comes to.</summary>
public sealed class KubernetesAttestorTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task A_process_in_a_pod_is_known_by_what_the_kubelet_says()
    {
        await using KubeletStage stage = new();
        stage.Kubelet.Answer = _ => KubeletAnswer.Text(PodText.List(PodText.Pod(1), PodText.Pod(2)));

        AttestorFindings findings = await stage.AskAsync();

        Assert.Contains(new EvidenceItem(new Selector("k8s", "pod-name:web-1"), $"kubelet 127.0.0.1:{stage.Kubelet.Port}"), findings.Evidence);
        Assert.DoesNotContain(findings.Evidence, e => e.Selector.Value.Contains("web-2", StringComparison.Ordinal));
        Assert.Same(stage.Reading, findings.Cgroup);
        Assert.Empty(findings.Refused);
        Assert.Equal(("GET /pods HTTP/1.1", $"Bearer {KubeletStage.Token}"), stage.Kubelet.Questions.Select(q => (q.Line, q.Authorization)).Single());
    }

    [Fact]
    public async Task Who_is_in_no_pod_costs_no_question()
    {
        await using KubeletStage stage = new();
        KubernetesAttestor attestor = stage.Attestor();
        CgroupReading inDocker = new("t", "/docker/x", new CgroupPlace { Container = new ContainerPlace(ContainerRuntime.Docker, PodText.Id(1), "/docker/x") });

        foreach (CgroupReading reading in (CgroupReading[])[new("t", "/", CgroupPlace.Nowhere), inDocker])
        {
            stage.Reading = reading;
            Assert.Equal(AttestorFindings.None, await stage.AskAsync(attestor));
        }

        stage.Reading = CgroupReading.Refused("t", EvidenceRefusal.CgroupDeleted, "gone");
        Assert.Equal((EvidenceRefusal.CgroupDeleted, "gone"), (await stage.AskAsync(attestor)).Refused.Select(r => (r.Reason, r.Detail)).Single());
        Assert.Equal(0, stage.Kubelet.Connections);
    }

    [Fact]
    public async Task A_users_own_cgroup_called_after_somebodys_pod_is_no_pod()
    {
        await using KubeletStage stage = new();
        stage.Kubelet.Answer = _ => KubeletAnswer.Text(PodText.List(PodText.Pod(1)));
        ContainerPlace victim = stage.Reading.Place.Container!;
        Assert.NotEmpty((await stage.AskAsync()).Evidence); // the id and the uid are right: an existence check is fooled

        stage.Reading = stage.Reading with { Place = new CgroupPlace { Container = victim with { RootlessUserId = 1000 } } };
        AttestorFindings findings = await stage.AskAsync();

        Assert.Empty(findings.Evidence);
        Assert.Equal(EvidenceRefusal.CgroupOwner, findings.Refused.Single().Reason);
        Assert.Single(stage.Kubelet.Questions);
    }

    [Fact]
    public async Task A_container_in_another_pod_than_its_cgroup_says_is_refused()
    {
        await using KubeletStage stage = new();
        stage.Kubelet.Answer = _ => KubeletAnswer.Text(PodText.List(PodText.Pod(1), PodText.Pod(2)));
        stage.Reading = KubeletStage.InPod(pod: 2, container: 1);

        AttestorFindings findings = await stage.AskAsync();

        Assert.Empty(findings.Evidence);
        Assert.Equal(EvidenceRefusal.RuntimeDisagrees, findings.Refused.Single().Reason);
    }

    [Fact]
    public async Task A_young_pod_is_asked_for_until_it_is_listed()
    {
        await using KubeletStage stage = new();
        int questions = 0;
        stage.Kubelet.Answer = _ => KubeletAnswer.Text(++questions switch
        {
            1 => PodText.List(PodText.Pod(7)),
            2 => PodText.List(PodText.Pod(1, PodText.Status("web", 8))), // the pod, and not yet this container
            _ => PodText.List(PodText.Pod(1)),
        });

        AttestorFindings findings = await stage.AskAsync();

        Assert.Contains(findings.Evidence, e => e.Selector.Value == "container-name:web");
        Assert.Equal(3, questions);
    }

    [Fact]
    public async Task A_pod_that_the_kubelet_never_lists_is_a_refusal()
    {
        await using KubeletStage stage = new();

        AttestorFindings findings = await stage.AskAsync(stage.Options(youngPodWait: Soon));

        Assert.Empty(findings.Evidence);
        Assert.Equal(EvidenceRefusal.NotKnownToRuntime, findings.Refused.Single().Reason);
    }

    [Fact]
    public async Task A_known_pod_without_the_container_is_a_failure_and_gives_no_part_of_the_evidence()
    {
        await using KubeletStage stage = new();
        stage.Kubelet.Answer = _ => KubeletAnswer.Text(PodText.List(PodText.Pod(1, PodText.Status("web", 8))));

        string message = await stage.FailureAsync(stage.Options(youngPodWait: Soon));

        Assert.Contains("postStart", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_attestors_deadline_ends_the_wait_for_a_slow_kubelet_and_counts_as_failed()
    {
        await using KubeletStage stage = new();
        TaskCompletionSource never = new();
        stage.Kubelet.Answer = _ => new KubeletAnswer { After = never.Task };
        WorkloadAttestor attestor = new([stage.Attestor()], new AttestationOptions { AttestorDeadline = TimeSpan.FromMilliseconds(200) }, TimeProvider.System);

        AttestationResult result = await attestor.AttestAsync(stage.Peer, SelectorKinds.Of([new Selector("k8s", "ns:shop")]), CancellationToken.None);

        Assert.Equal(PeerRefusalName, Assert.IsType<AttestationResult.Refused>(result).Reason.ToString());
    }

    [Fact]
    public async Task A_kubelet_that_is_slow_is_given_up_and_asked_anew()
    {
        await using KubeletStage stage = new();
        TaskCompletionSource never = new();
        stage.Kubelet.Answer = _ => new KubeletAnswer { After = never.Task };
        KubernetesAttestor attestor = stage.Attestor(stage.Options(requestTimeout: TimeSpan.FromMilliseconds(200)));

        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => stage.AskAsync(attestor));
        stage.Kubelet.Answer = _ => KubeletAnswer.Text(PodText.List(PodText.Pod(1)));

        Assert.Contains("no whole answer", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty((await stage.AskAsync(attestor)).Evidence);
    }

    [Fact]
    public async Task A_kubelet_that_was_down_is_asked_again_when_it_is_back()
    {
        await using KubeletStage stage = new();
        int port = stage.Kubelet.Port;
        KubernetesAttestor attestor = stage.Attestor();
        await stage.Kubelet.DisposeAsync();

        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => stage.AskAsync(attestor));
        await using FakeKubelet again = new(stage.Authority.Serving(KubeletStage.Node), port);
        again.Answer = _ => KubeletAnswer.Text(PodText.List(PodText.Pod(1)));

        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty((await stage.AskAsync(attestor)).Evidence);
    }

    [Fact]
    public async Task Fifty_callers_at_once_cost_a_few_questions_and_one_connection()
    {
        await using KubeletStage stage = new();
        stage.Kubelet.Answer = _ => KubeletAnswer.Text(PodText.List(Enumerable.Range(1, 20).Select(number => PodText.Pod(number))));
        KubernetesAttestor attestor = stage.Attestor();

        AttestorFindings[] all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => stage.AskAsync(attestor))));

        Assert.All(all, findings => Assert.NotEmpty(findings.Evidence));
        Assert.True(stage.Kubelet.Questions.Count <= 10, $"{stage.Kubelet.Questions.Count} questions");
        Assert.Equal(1, stage.Kubelet.Connections);
    }

    [Theory]
    [InlineData(401, "does not know us")]
    [InlineData(403, "nodes/pods")]
    [InlineData(404, "is this a kubelet")]
    [InlineData(500, "kubelet's log")]
    [InlineData(204, "204")]
    public async Task A_refusal_of_the_kubelet_is_a_failure_with_a_remedy(int status, string remedy)
    {
        await using KubeletStage stage = new();
        stage.Kubelet.Answer = _ => KubeletAnswer.Text(status == 204 ? "" : $"no, and your token {KubeletStage.Token} is on my list", status);

        Assert.Contains(remedy, await stage.FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using KubeletStage stage = new();
        await using FakeKubelet elsewhere = new(stage.Authority.Serving(KubeletStage.Node));
        stage.Kubelet.Answer = _ => new KubeletAnswer { Status = 302, Headers = [$"Location: {elsewhere.Address}pods"] };

        Assert.Contains("not followed", await stage.FailureAsync(), StringComparison.Ordinal);
        Assert.Equal(0, elsewhere.Connections);
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_no_list_or_too_long_is_a_failure()
    {
        await using KubeletStage stage = new();
        byte[] list = Encoding.UTF8.GetBytes(PodText.List(PodText.Pod(1)));

        stage.Kubelet.Answer = _ => new KubeletAnswer { Body = list[..^20], ClaimedLength = list.Length };
        Assert.Contains("ends too early", await stage.FailureAsync(), StringComparison.Ordinal);
        stage.Kubelet.Answer = _ => new KubeletAnswer { Body = list[..^20] };
        Assert.Contains("not a PodList", await stage.FailureAsync(), StringComparison.Ordinal);
        stage.Kubelet.Answer = _ => KubeletAnswer.Text("<html>sign in</html>");
        Assert.Contains("not a PodList", await stage.FailureAsync(), StringComparison.Ordinal);
        stage.Kubelet.Answer = _ => new KubeletAnswer { Body = list, ClaimedLength = long.MaxValue };
        Assert.Contains("ends too early", await stage.FailureAsync(), StringComparison.Ordinal);
        stage.Kubelet.Answer = _ => new KubeletAnswer { Body = list };
        Assert.Contains("longer than", await stage.FailureAsync(stage.Options(maxAnswerLength: list.Length - 1)), StringComparison.Ordinal);
        stage.Kubelet.Answer = _ => new KubeletAnswer { Body = list, Headers = [$"X-Long: {new string('x', 100_000)}"] };
        await stage.FailureAsync();
    }

    [Fact]
    public async Task Without_credentials_a_pods_process_is_refused_and_everybody_else_untouched()
    {
        await using KubeletStage stage = new();
        KubernetesAttestor attestor = stage.Attestor(new KubeletOptions { ServiceAccount = "/nonexistent" });

        Assert.Equal(EvidenceRefusal.ServiceNotConfigured, (await stage.AskAsync(attestor)).Refused.Single().Reason);
        stage.Reading = new CgroupReading("t", "/", CgroupPlace.Nowhere);
        Assert.Equal(AttestorFindings.None, await stage.AskAsync(attestor));
    }

    private const string PeerRefusalName = "EvidenceUnavailable";
}
