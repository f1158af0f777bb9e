using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Kubernetes;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tests.TestKit.Kubelet;

namespace Spiffe.Agent.Tests.Integration.Attestation.Kubernetes;

/// <summary>A fake kubelet with a real certificate, the files an agent's pod would have, and this process as the caller, in whatever pod a test says.</summary>
internal sealed class KubeletStage : IAsyncDisposable
{
    public const string Node = "node-1.example";
    public const string Token = "first-token";

    private readonly List<IDisposable> _made = [];

    public KubeletStage(X509Certificate2? certificate = null, bool isSecure = true)
    {
        Kubelet = new FakeKubelet(isSecure ? certificate ?? Authority.Serving(Node) : null);
        Write("token", Token);
        Write("ca.crt", Authority.Pem);
        Peer = PeerProcess.TryOpen(Environment.ProcessId, out PeerProcess? peer, out PeerRefusal refusal) ? peer : throw new InvalidOperationException($"{refusal}");
        _made.Add(Peer);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("kubelet").FullName;

    public KubeletAuthority Authority { get; } = new();

    public FakeKubelet Kubelet { get; }

    public PeerProcess Peer { get; }

    /// <summary>What the kernel would say of the caller.</summary>
    public CgroupReading Reading { get; set; } = InPod(1);

    public static CgroupReading InPod(int pod, int? container = null)
    {
        string path = $"/kubepods/pod{PodText.Uid(pod)}/{PodText.Id(container ?? pod)}";
        ContainerPlace place = new(ContainerRuntime.Unknown, PodText.Id(container ?? pod), path) { PodUid = PodText.Uid(pod) };
        return new CgroupReading($"0::{path}\n", path, new CgroupPlace { Container = place });
    }

    /// <summary>Options as in a pod; short times, long patience.</summary>
    public KubeletOptions Options(
        bool token = true, string? clientCertificate = null, string? clientKey = null, string? caFile = null, string? pinned = null, string? nodeName = Node, bool insecure = false,
        TimeSpan? youngPodWait = null, TimeSpan? requestTimeout = null, int? maxAnswerLength = null) => new()
        {
            Kubelet = Kubelet.Address,
            ServiceAccount = Folder,
            TokenFile = token && clientCertificate is null ? Path.Combine(Folder, "token") : null,
            ClientCertificate = clientCertificate,
            ClientKey = clientKey,
            CaFile = caFile,
            KubeletCertificate = pinned,
            NodeName = nodeName,
            InsecureSkipVerification = insecure,
            PollInterval = TimeSpan.FromMilliseconds(10),
            MaxListAge = TimeSpan.Zero,
            YoungPodWait = youngPodWait ?? TimeSpan.FromSeconds(30),
            RequestTimeout = requestTimeout ?? TimeSpan.FromSeconds(30),
            MaxAnswerLength = maxAnswerLength ?? 1 << 20,
        };

    public KubernetesAttestor Attestor(KubeletOptions? options = null)
    {
        KubernetesAttestor attestor = new(options ?? Options(), _ => Reading, TimeProvider.System);
        _made.Add(attestor);
        return attestor;
    }

    public async Task<AttestorFindings> AskAsync(KubernetesAttestor attestor) =>
        await attestor.AttestAsync(Peer, SelectorKinds.All, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    public Task<AttestorFindings> AskAsync(KubeletOptions? options = null) => AskAsync(Attestor(options));

    /// <summary>The message of a failed attestation. No message ever holds the token.</summary>
    public async Task<string> FailureAsync(KubeletOptions? options = null)
    {
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(options));
        Assert.Equal("KubeletException", failure.GetType().Name);
        Assert.DoesNotContain(Token, failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("kubelet 127.0.0.1:", failure.Message, StringComparison.Ordinal);
        return failure.Message;
    }

    public string Write(string name, string content)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable made in _made) made.Dispose();
        await Kubelet.DisposeAsync();
        Authority.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
