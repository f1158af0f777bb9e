using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;
using Spiffe.Agent.Rpc.Details;
using static Spiffe.Agent.Tests.Integration.Rpc.TestCalls;
using Status = Spiffe.Agent.Rpc.Status;

namespace Spiffe.Agent.Tests.Integration.Rpc;

/// <summary>Our client and our server on a real socket: kinds of call, statuses, deadlines, cancellation, the gate, stopping.</summary>
public sealed class CallTests
{
    [Fact]
    public async Task All_four_kinds_of_call_carry_messages()
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(EchoService());
        using RpcChannel channel = server.Channel();
        Assert.Equal("a", (await channel.UnaryAsync(Echo, Text("a"))).Value);

        using ClientCall<StringValue, StringValue> hold = channel.Call(Hold, Text("b"));
        Assert.True(await hold.ResponseStream.MoveNext(default));
        Assert.Equal("b", hold.ResponseStream.Current.Value);

        using ClientCall<StringValue, StringValue> join = channel.Call(Join);
        foreach (string part in (string[])["c", "d", "e"]) await join.RequestStream.WriteAsync(Text(part));
        await join.RequestStream.CompleteAsync();
        Assert.Equal("cde", (await join.ResponseAsync()).Value);

        using ClientCall<StringValue, StringValue> chat = channel.Call(Chat);
        for (int i = 0; i < 10; i++)
        {
            await chat.RequestStream.WriteAsync(Text($"{i}"));
            Assert.True(await chat.ResponseStream.MoveNext(default));
            Assert.Equal($"{i}", chat.ResponseStream.Current.Value);
        }

        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext(default));
    }

    [Fact]
    public async Task Message_as_long_as_the_limit_arrives_and_a_longer_one_is_refused()
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(new RpcServerOptions { MaxReceiveMessageBytes = 1_000_004 }, null, EchoService());
        using RpcChannel channel = server.Channel();
        string fitting = new('x', 1_000_000);
        Assert.Equal(fitting, (await channel.UnaryAsync(Echo, Text(fitting))).Value);
        await FailsAsync(StatusCode.ResourceExhausted, () => channel.UnaryAsync(Echo, Text(fitting + "x")));
    }

    [Fact]
    public async Task Status_message_details_and_trailers_of_a_handler_arrive()
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(Unary((_, context) =>
        {
            context.ResponseTrailers.Add("x-note", "noted");
            throw new RpcException(new Status(StatusCode.PermissionDenied, "nö, 100 %\n☺"), new ErrorInfo { Reason = "NO_IDENTITY", Domain = "example.org" });
        }));
        using RpcChannel channel = server.Channel();
        RpcException e = await FailsAsync(StatusCode.PermissionDenied, () => channel.UnaryAsync(Echo, Text("")));
        Assert.Equal("nö, 100 %\n☺", e.Status.Detail);
        Assert.Equal("noted", e.Trailers.GetValue("x-note"));
        Assert.Equal("NO_IDENTITY", Assert.Single(e.RichStatus!.Details).Unpack<ErrorInfo>().Reason);
    }

    [Fact]
    public async Task What_a_handler_throws_stays_inside()
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(Unary((_, _) => throw new InvalidOperationException("secret of the house")));
        using RpcChannel channel = server.Channel();
        RpcException e = await FailsAsync(StatusCode.Unknown, () => channel.UnaryAsync(Echo, Text("")));
        Assert.Equal("the handler failed", e.Status.Detail);
    }

    [Theory]
    [InlineData("test.Echo", "Absent")]
    [InlineData("test.Absent", "Echo")]
    [InlineData("test.Echo", "echo")]
    [InlineData("test.Echo", "Echo/")]
    [InlineData("test.Echo", "Echo?a=b")]
    public async Task Unknown_path_is_unimplemented_and_nothing_is_normalised(string service, string name)
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(EchoService());
        using RpcChannel channel = server.Channel();
        Method<StringValue, StringValue> absent = new(MethodType.Unary, service, name, StringValue.Parser);
        await FailsAsync(StatusCode.Unimplemented, () => channel.UnaryAsync(absent, Text("")));
    }

    [Fact]
    public async Task Gate_answers_before_the_body_is_read()
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(
            new RpcServerOptions(), context => context.GetHeader("x-key") == "true" ? null : new Status(StatusCode.InvalidArgument, "x-key is missing"), EchoService());
        using RpcChannel channel = server.Channel();
        Assert.Equal("a", (await channel.UnaryAsync(Echo, Text("a"), new CallOptions(new Metadata { { "x-key", "true" } }))).Value);
        foreach (Metadata wrong in (Metadata[])[[], new Metadata { { "x-key", "True" } }, new Metadata { { "x-key", "true" }, { "x-key", "true" } }])
        {
            using ClientCall<StringValue, StringValue> call = channel.Call(Join, new CallOptions(wrong)); // Its body never ends, and need not.
            RpcException e = await FailsAsync(StatusCode.InvalidArgument, call.ResponseAsync);
            Assert.Equal("x-key is missing", e.Status.Detail);
        }
    }

    [Fact]
    public async Task Deadline_reaches_the_handler_and_cancels_it()
    {
        TaskCompletionSource<DateTime> cancelled = new();
        await using RpcTestServer server = await RpcTestServer.StartAsync(Unary(async (request, context) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancelled.SetResult(context.Deadline);
            return request;
        }));
        using RpcChannel channel = server.Channel();
        await FailsAsync(StatusCode.DeadlineExceeded, () => channel.UnaryAsync(Echo, Text(""), new CallOptions(Timeout: TimeSpan.FromMilliseconds(100))));
        Assert.NotEqual(DateTime.MaxValue, await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Client_that_goes_cancels_its_handlers()
    {
        Gauge running = new();
        await using RpcTestServer server = await RpcTestServer.StartAsync(Streaming(async (request, responses, context) =>
        {
            using IDisposable entered = running.Enter();
            await responses.WriteAsync(request);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        }));
        using RpcChannel channel = server.Channel();
        ClientCall<StringValue, StringValue> disposed = channel.Call(Hold, Text(""));
        Assert.True(await disposed.ResponseStream.MoveNext(default));
        disposed.Dispose();
        await running.UntilAsync(0);

        using RpcChannel closed = server.Channel();
        ClientCall<StringValue, StringValue> open = closed.Call(Hold, Text(""));
        Assert.True(await open.ResponseStream.MoveNext(default));
        closed.Dispose();
        await running.UntilAsync(0);
        await FailsAsync(StatusCode.Cancelled, () => open.ResponseStream.MoveNext(default));
    }

    [Fact]
    public async Task Stopping_ends_streams_with_unavailable_and_lets_unary_calls_finish()
    {
        TaskCompletionSource entered = new(), leave = new();
        await using RpcTestServer server = await RpcTestServer.StartAsync(
            EchoService(),
            RpcService.Create("test.Slow").Unary<StringValue, StringValue>("Slow", StringValue.Parser, async (request, _) =>
            {
                entered.SetResult();
                await leave.Task;
                return request;
            }));
        using RpcChannel channel = server.Channel();
        using ClientCall<StringValue, StringValue> hold = channel.Call(Hold, Text(""));
        Assert.True(await hold.ResponseStream.MoveNext(default));
        Task<StringValue> slow = channel.UnaryAsync(new Method<StringValue, StringValue>(MethodType.Unary, "test.Slow", "Slow", StringValue.Parser), Text("done"));
        await entered.Task;
        Task stopped = server.Server.StopAsync();
        await FailsAsync(StatusCode.Unavailable, () => hold.ResponseStream.MoveNext(default));
        leave.SetResult();
        Assert.Equal("done", (await slow).Value);
        await stopped;
        await FailsAsync(StatusCode.Unavailable, () => channel.UnaryAsync(Echo, Text("")));
    }

    [Fact]
    public async Task Writer_kept_beyond_its_call_cannot_reach_another_callers_stream()
    {
        IServerStreamWriter<StringValue>? kept = null;
        await using RpcTestServer server = await RpcTestServer.StartAsync(Streaming((_, responses, _) =>
        {
            if (kept is null) kept = responses;
            return Task.CompletedTask;
        }));
        using RpcChannel channel = server.Channel();
        using (ClientCall<StringValue, StringValue> first = channel.Call(Hold, Text(""))) Assert.False(await first.ResponseStream.MoveNext(default));
        using ClientCall<StringValue, StringValue> second = channel.Call(Hold, Text(""));
        await Assert.ThrowsAsync<InvalidOperationException>(() => kept!.WriteAsync(Text("leak")));
        Assert.False(await second.ResponseStream.MoveNext(default));
    }

    [Fact]
    public async Task Five_thousand_streams_open_over_eight_connections_and_share_one_encoded_answer()
    {
        EncodedMessage shared = EncodedMessage.From(Text("shared"));
        Gauge running = new();
        await using RpcTestServer server = await RpcTestServer.StartAsync(RpcService.Create(Service).ServerStreaming<StringValue>("Hold", StringValue.Parser, async (_, responses, context) =>
        {
            using IDisposable entered = running.Enter();
            await responses.WriteAsync(shared);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }));
        RpcChannel[] channels = [.. Enumerable.Range(0, 8).Select(_ => server.Channel())];
        List<ClientCall<StringValue, StringValue>> held = [];
        foreach (RpcChannel channel in channels)
        {
            ClientCall<StringValue, StringValue>[] calls = [.. Enumerable.Range(0, 625).Select(_ => channel.Call(Hold, Text("")))];
            held.AddRange(calls);
            foreach (ClientCall<StringValue, StringValue> call in calls)
            {
                Assert.True(await call.ResponseStream.MoveNext(default));
                Assert.Equal("shared", call.ResponseStream.Current.Value);
            }
        }

        Assert.Equal(5000, running.Highest);
        Assert.Equal(5000, held.Count);
        foreach (RpcChannel channel in channels) channel.Dispose();
        await running.UntilAsync(0);
    }

    [Fact]
    public async Task Connection_state_is_made_once_and_its_end_is_told()
    {
        List<object> states = [];
        CancellationToken closed = default;
        await using RpcTestServer server = await RpcTestServer.StartAsync(Unary((request, context) =>
        {
            states.Add(context.Connection.GetOrAddState(_ => new object()));
            closed = context.Connection.Closed;
            return Task.FromResult(request);
        }));
        using RpcChannel channel = server.Channel();
        await channel.UnaryAsync(Echo, Text(""));
        await channel.UnaryAsync(Echo, Text(""));
        Assert.Same(states[0], states[1]);
        Assert.False(closed.IsCancellationRequested);
        TaskCompletionSource end = new();
        closed.Register(end.SetResult);
        channel.Dispose();
        await end.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Nobody_listening_is_unavailable()
    {
        using RpcChannel channel = new(new UnixDomainSocketEndPoint("/nonexistent/rpc.sock"));
        await FailsAsync(StatusCode.Unavailable, () => channel.UnaryAsync(Echo, Text("")));
    }
}
