using Spiffe.Agent.Cli;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Tests.Unit.Cli;

public sealed class WatchTests : IDisposable
{
    private readonly TestPki _pki = new("example.org");
    private readonly TestTerminal _terminal = new();

    public void Dispose() => _pki.Dispose();

    [Fact]
    public async Task Watch_prints_each_update_survives_a_restart_and_ends_well_by_hand()
    {
        X509SVIDResponse first = Answer("/one");
        X509SVIDResponse second = Answer("/two");
        await using FakeAgent agent = await FakeAgent.StartAsync(Serve(first, first, second));
        using CancellationTokenSource byHand = new();
        Task<int> watch = _terminal.RunAsync(["fetch", "x509", "--watch", "--output", "json", "--socket", agent.Uri], byHand.Token);

        await _terminal.Out.WaitUntilAsync(t => t.Contains("/two", StringComparison.Ordinal));
        await agent.StopAsync();
        await _terminal.Error.WaitUntilAsync(t => t.Contains("trying again in", StringComparison.Ordinal));
        await agent.ServeAsync(Serve(Answer("/three")));
        await _terminal.Out.WaitUntilAsync(t => t.Contains("/three", StringComparison.Ordinal));
        await byHand.CancelAsync();

        Assert.Equal(ExitCodes.Done, await watch);
        string[] lines = _terminal.Out.Text.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("{\"svids\":[", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_does_not_wait_for_an_agent_that_never_was()
    {
        int exit = await _terminal.RunAsync(["fetch", "x509", "--watch", "--socket", "unix:///nonexistent/agent.sock"]);
        Assert.Equal(ExitCodes.Unavailable, exit);
    }

    [Fact]
    public async Task Watch_of_tokens_asks_again_at_half_of_their_life()
    {
        int asked = 0;
        RpcService service = FakeAgent.Workload().Unary<JWTSVIDRequest, JWTSVIDResponse>("FetchJWTSVID", JWTSVIDRequest.Parser, (_, _) =>
        {
            JWTSVIDResponse answer = new();
            string id = $"spiffe://example.org/{Interlocked.Increment(ref asked)}";
            answer.Svids.Add(new JWTSVID { SpiffeId = id, Svid = TestTokens.Jwt(id, TimeSpan.FromMilliseconds(1)) });
            return Task.FromResult(answer);
        });
        await using FakeAgent agent = await FakeAgent.StartAsync(service);
        using CancellationTokenSource byHand = new();
        Task<int> watch = _terminal.RunAsync(["fetch", "jwt", "--audience", "api", "--watch", "--socket", agent.Uri], byHand.Token);

        await _terminal.Out.WaitUntilAsync(t => t.Contains("spiffe://example.org/2", StringComparison.Ordinal));
        await byHand.CancelAsync();
        Assert.Equal(ExitCodes.Done, await watch);
    }

    private static RpcService Serve(params X509SVIDResponse[] answers) => FakeAgent.Workload().ServerStreaming<X509SVIDRequest, X509SVIDResponse>(
        "FetchX509SVID",
        X509SVIDRequest.Parser,
        async (_, stream, context) =>
        {
            foreach (X509SVIDResponse answer in answers) await stream.WriteAsync(answer);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });

    private X509SVIDResponse Answer(string path)
    {
        X509SVIDResponse answer = new();
        answer.Svids.Add(_pki.Svid(path, TimeSpan.FromMinutes(30)));
        return answer;
    }
}
