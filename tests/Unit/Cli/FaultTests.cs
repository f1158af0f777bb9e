using System.Net.Sockets;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Tests.Unit.Cli;

public sealed class FaultTests
{
    private readonly TestTerminal _terminal = new();

    [Theory]
    [InlineData(StatusCode.Unavailable, 69)]
    [InlineData(StatusCode.DeadlineExceeded, 69)]
    [InlineData(StatusCode.Unimplemented, 69)]
    [InlineData(StatusCode.ResourceExhausted, 69)]
    [InlineData(StatusCode.PermissionDenied, 77)]
    [InlineData(StatusCode.Unauthenticated, 77)]
    [InlineData(StatusCode.InvalidArgument, 65)]
    [InlineData(StatusCode.NotFound, 65)]
    [InlineData(StatusCode.Internal, 1)]
    [InlineData(StatusCode.Unknown, 1)]
    public async Task Status_of_a_call_becomes_the_exit_code(StatusCode code, int expected)
    {
        await using FakeAgent agent = await FakeAgent.StartAsync(Refusing(code));
        Assert.Equal(expected, await _terminal.RunAsync(["fetch", "jwt", "--audience", "a", "--socket", agent.Uri]));
        Assert.Contains("the agent's words", _terminal.Error.Text, StringComparison.Ordinal);
        Assert.Equal("", _terminal.Out.Text);
    }

    [Fact]
    public async Task Caller_without_identity_hears_which_process_to_explain()
    {
        await using FakeAgent agent = await FakeAgent.StartAsync(Refusing(StatusCode.PermissionDenied));
        await _terminal.RunAsync(["fetch", "jwt", "--audience", "a", "--socket", agent.Uri]);
        Assert.Contains($"run 'spiffe-agent explain {ParentProcess.Id}'", _terminal.Error.Text, StringComparison.Ordinal);
        Assert.True(Directory.Exists($"/proc/{ParentProcess.Id}"));
    }

    [Fact]
    public async Task Socket_that_is_not_there_is_named_with_what_to_do()
    {
        Assert.Equal(ExitCodes.Unavailable, await _terminal.RunAsync(["fetch", "x509", "--socket", "unix:///nonexistent/agent.sock"]));
        Assert.StartsWith("spiffe-agent: workload socket: no such socket: /nonexistent/agent.sock: is the agent running?", _terminal.Error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Socket_that_nobody_serves_is_told_apart()
    {
        string path = Path.Combine(Path.GetTempPath(), $"cli-stale-{Guid.NewGuid():N}.sock");
        // Bound and not listening: what a daemon that was killed leaves behind, with somebody to clean it up.
        using Socket bound = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        bound.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            Assert.Equal(ExitCodes.Unavailable, await _terminal.RunAsync(["status", "--admin-socket", $"unix://{path}"]));
            Assert.StartsWith($"spiffe-agent: admin socket: nobody listens: {path}: ", _terminal.Error.Text, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Agent_that_does_not_answer_is_not_waited_for_for_ever()
    {
        RpcService silent = FakeAgent.Workload().Unary<JWTSVIDRequest, JWTSVIDResponse>("FetchJWTSVID", JWTSVIDRequest.Parser, async (_, context) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
            return new JWTSVIDResponse();
        });
        await using FakeAgent agent = await FakeAgent.StartAsync(silent);
        Assert.Equal(ExitCodes.Unavailable, await _terminal.RunAsync(["fetch", "jwt", "--audience", "a", "--timeout", "200ms", "--socket", agent.Uri]));
        Assert.Contains("no answer within 0.2 s", _terminal.Error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fecth")]
    [InlineData("fetch")]
    [InlineData("fetch", "x509", "--output", "yaml")]
    [InlineData("fetch", "jwt", "--audience", "a", "--output", "pem")]
    [InlineData("fetch", "jwt")]
    [InlineData("fetch", "jwt", "--audience", "")]
    [InlineData("fetch", "x509", "--timeout", "10")]
    [InlineData("fetch", "x509", "--spiffe-id", "http://example.org")]
    [InlineData("fetch", "x509", "--socket", "/run/x.sock")]
    [InlineData("fetch", "x509", "@args.txt")]
    [InlineData("validate", "jwt", "--audience", "a")]
    [InlineData("explain")]
    [InlineData("explain", "0")]
    [InlineData("explain", "self")]
    public async Task Wrong_usage_ends_with_64_and_one_line_for_each_fault(params string[] args)
    {
        Assert.Equal(ExitCodes.Usage, await _terminal.RunAsync(args));
        Assert.All(_terminal.Error.Text.TrimEnd('\n').Split('\n'), line => Assert.StartsWith("spiffe-agent: ", line, StringComparison.Ordinal));
        Assert.Equal("", _terminal.Out.Text);
    }

    [Fact]
    public async Task Help_is_no_fault()
    {
        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["fetch", "jwt", "--help"]));
        Assert.Contains("--audience", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.Equal("", _terminal.Error.Text);
    }

    [Fact]
    public void Fault_is_one_line_whatever_is_in_it() =>
        Assert.Equal(@"spiffe-agent: cannot bind: /run/a\u{a}b: choose another", new Fault(ExitCodes.CannotCreate, "cannot bind", "/run/a\nb", "choose another").ToString());

    private static RpcService Refusing(StatusCode code) => FakeAgent.Workload().Unary<JWTSVIDRequest, JWTSVIDResponse>(
        "FetchJWTSVID", JWTSVIDRequest.Parser, (_, _) => throw new RpcException(new Spiffe.Agent.Rpc.Status(code, "the agent's words")));
}
