using Spiffe.Agent.Rpc.Transport;
using Spiffe.Agent.Tests.TestKit.Descriptors;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Transport;

/// <summary>Attacks by real processes: each is first shown to work on a naive daemon, so that the refusal by ours means something.</summary>
public sealed class PeerAttackTests
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [RequiresToolFact(Python)]
    public async Task Honest_caller_is_served_by_both()
    {
        string naive = await AnswerAsync(await WhoServer.NaiveAsync(), "honest");
        string ours = await AnswerAsync(await WhoServer.OursAsync(), "honest");

        Assert.Equal(naive, ours);
        Assert.StartsWith("/usr/bin/python3", ours, StringComparison.Ordinal);
    }

    [RequiresToolFact(Python)]
    public async Task Exec_swap_fools_the_naive_daemon() => Assert.EndsWith("/sleep", await AnswerAsync(await WhoServer.NaiveAsync(), "exec-swap"), StringComparison.Ordinal);

    [RequiresToolFact(Python)]
    public async Task Exec_swap_is_refused() => await RefusedAsync("exec-swap", PeerRejection.ForeignSegment);

    [RequiresToolFact(Python)]
    public async Task Passed_socket_fools_the_naive_daemon() =>
        Assert.StartsWith("/usr/bin/python3", await AnswerAsync(await WhoServer.NaiveAsync(), "pass-socket"), StringComparison.Ordinal);

    [RequiresToolFact(Python)]
    public async Task Passed_socket_is_refused() => await RefusedAsync("pass-socket", PeerRejection.ForeignSegment);

    [RequiresToolFact(Python)]
    public async Task Thread_of_the_connector_is_served() =>
        Assert.StartsWith("/usr/bin/python3", await AnswerAsync(await WhoServer.OursAsync(), "thread"), StringComparison.Ordinal);

    [RequiresToolTheory(Python)]
    [InlineData("orphan")]
    [InlineData("zombie")]
    public async Task Socket_that_outlives_its_connector_still_speaks_to_the_naive_daemon(string attack)
    {
        await using WhoServer server = await WhoServer.NaiveAsync();
        await using Attacker attacker = Attacker.Start(attack, server.Socket);
        Assert.Equal("connected", await attacker.ReadLineAsync());
        await server.FirstAccepted.Task.WaitAsync(Patience);
        await attacker.GoOnAsync();

        Assert.NotEqual("refused", await attacker.ReadLineAsync());
    }

    [RequiresToolTheory(Python)]
    [InlineData("orphan", PeerProof.PidFdAtConnect)]
    [InlineData("zombie", PeerProof.PidFdAtConnect)]
    [InlineData("orphan", PeerProof.PidFdAtAccept)]
    [InlineData("zombie", PeerProof.PidFdAtAccept)]
    [InlineData("orphan", PeerProof.StartTime)]
    [InlineData("zombie", PeerProof.StartTime)]
    public async Task Socket_that_outlives_its_connector_is_refused(string attack, PeerProof proof)
    {
        UnixTransportOptions options = new() { StrongestProof = proof, ReadStartTime = Spiffe.Agent.Attestation.Peer.PeerProcess.ReadStartTime };
        await using WhoServer server = await WhoServer.OursAsync(options);
        await using Attacker attacker = Attacker.Start(attack, server.Socket);
        Assert.Equal("connected", await attacker.ReadLineAsync());
        await server.FirstAccepted.Task.WaitAsync(Patience);
        await attacker.GoOnAsync();

        Assert.Equal("refused", await attacker.ReadLineAsync());
        Assert.Equal(0, Interlocked.Read(ref server.BytesSeen));
    }

    [RequiresToolFact(Python)]
    public async Task Exit_of_the_connector_ends_its_connection_though_a_child_holds_the_socket()
    {
        await using WhoServer server = await WhoServer.OursAsync();
        await using Attacker attacker = Attacker.Start("orphan", server.Socket);
        Assert.Equal("connected", await attacker.ReadLineAsync());
        Microsoft.AspNetCore.Connections.ConnectionContext connection = await server.FirstAccepted.Task.WaitAsync(Patience);
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = connection.ConnectionClosed.Register(closed.SetResult);
        Assert.False(closed.Task.IsCompleted);

        await attacker.GoOnAsync();
        await closed.Task.WaitAsync(Patience);
    }

    [RequiresToolFact(Python)]
    public async Task Passed_descriptors_are_never_installed()
    {
        await using WhoServer server = await WhoServer.OursAsync();
        OpenDescriptors before = OpenDescriptors.Now();
        await using Attacker attacker = Attacker.Start("send-descriptors", server.Socket);

        Assert.StartsWith("refused", await attacker.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(0, Interlocked.Read(ref server.BytesSeen));
        await before.NoMoreThanThenAsync(spare: 32); // 64 were sent
    }

    [RequiresRootFact(Python, "unshare")]
    public async Task Peer_in_a_child_pid_namespace_is_served()
    {
        await using WhoServer server = await WhoServer.OursAsync();
        await using Attacker attacker = Attacker.StartThrough(["unshare", "--pid", "--fork", "--kill-child"], "honest", server.Socket);

        Assert.StartsWith("/usr/bin/python3", await attacker.ReadLineAsync(), StringComparison.Ordinal);
    }

    [RequiresRootFact(Python, "unshare")]
    public async Task Exec_swap_with_forged_stamps_earns_no_path()
    {
        string[] ownNamespaces = ["unshare", "-Urpf", "--mount-proc", "--kill-child"];
        await using (WhoServer naive = await WhoServer.NaiveAsync())
        {
            await using Attacker attacker = Attacker.StartThrough(ownNamespaces, "forged-swap", naive.Socket);
            Assert.EndsWith("/sleep", await attacker.ReadLineAsync(), StringComparison.Ordinal);
        }

        await using WhoServer ours = await WhoServer.OursAsync();
        await using Attacker again = Attacker.StartThrough(ownNamespaces, "forged-swap", ours.Socket);
        Assert.Equal("no path", await again.ReadLineAsync());
    }

    [RequiresToolTheory(Python)]
    [InlineData("a) R 1 (")]
    [InlineData("x\\n1 (y) Z")]
    [InlineData(") Z 1 1 1 1")]
    [InlineData("\\xff\\xfe(")]
    public async Task Program_name_that_looks_like_stat_changes_nothing(string name)
    {
        await using WhoServer server = await WhoServer.OursAsync();
        await using Attacker attacker = Attacker.Start("name", server.Socket, name);

        Assert.StartsWith("/usr/bin/python3", await attacker.ReadLineAsync(), StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(string attack, PeerRejection reason)
    {
        await using WhoServer server = await WhoServer.OursAsync();
        await using Attacker attacker = Attacker.Start(attack, server.Socket);

        Assert.Equal("refused", await attacker.ReadLineAsync());
        Assert.Equal(0, Interlocked.Read(ref server.BytesSeen));
        Assert.Equal(1, server.Snapshot.Rejected[reason]);
    }

    private static async Task<string> AnswerAsync(WhoServer server, string attack)
    {
        await using (server)
        {
            await using Attacker attacker = Attacker.Start(attack, server.Socket);
            return await attacker.ReadLineAsync();
        }
    }
}
