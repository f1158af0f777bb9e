using System.Buffers.Binary;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Rpc;
using static Spiffe.Agent.Tests.Integration.Rpc.TestCalls;

namespace Spiffe.Agent.Tests.Integration.Rpc;

/// <summary>What hostile or broken clients send on a raw socket. Each ends with the question whether others are still served.</summary>
public sealed class AbuseTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nhost: x\r\n\r\n")]
    [InlineData("\u0001\u0002\u0003\u0004garbage that is no preface at all")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")]
    public async Task Garbage_before_the_preface_closes_only_its_connection(string garbage)
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(EchoService());
        using RawHttp2 raw = await server.RawAsync();
        await raw.WriteAsync(System.Text.Encoding.Latin1.GetBytes(garbage));
        await raw.ReadToEndAsync();
        await StillServesAsync(server);
    }

    public static TheoryData<string, byte[]> MalformedFrames() => new()
    {
        { "SETTINGS of five bytes", RawHttp2.Frame(RawHttp2.Settings, 0, 0, new byte[5]) },
        { "SETTINGS on a stream", RawHttp2.Frame(RawHttp2.Settings, 0, 1, []) },
        { "DATA on stream 0", RawHttp2.Frame(RawHttp2.Data, 0, 0, new byte[8]) },
        { "DATA on a stream that is not open", RawHttp2.Frame(RawHttp2.Data, 0, 1, new byte[8]) },
        { "HEADERS on an even stream", RawHttp2.Request(2, "/test.Echo/Echo") },
        { "HEADERS that are no HPACK", RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, 1, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]) },
        { "WINDOW_UPDATE of zero", RawHttp2.Frame(RawHttp2.WindowUpdate, 0, 0, new byte[4]) },
        { "CONTINUATION without HEADERS", RawHttp2.Frame(RawHttp2.Continuation, RawHttp2.EndHeaders, 1, []) },
        { "RST_STREAM of a stream that never was", RawHttp2.Frame(RawHttp2.RstStream, 0, 1, new byte[4]) },
        { "a frame of 17 KiB", RawHttp2.Frame(RawHttp2.Data, 0, 1, new byte[17 * 1024]) },
        { "metadata of 9 KiB", RawHttp2.Request(1, "/test.Echo/Echo", true, ("x-large", new string('a', 9 * 1024))) },
    };

    [Theory]
    [MemberData(nameof(MalformedFrames))]
    public async Task Malformed_frame_closes_only_its_connection(string what, byte[] frame)
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(EchoService());
        using RawHttp2 raw = await server.RawAsync();
        await raw.GreetAsync();
        await raw.WriteAsync(frame);
        Assert.True(await raw.ReadToEndAsync() > 0, what);
        await StillServesAsync(server);
    }

    [Fact]
    public async Task Call_with_too_many_keys_of_metadata_is_refused_and_runs_no_handler()
    {
        int ran = 0;
        await using RpcTestServer server = await RpcTestServer.StartAsync(
            EchoService(),
            RpcService.Create("test.Counted").Unary<StringValue, StringValue>("Count", StringValue.Parser, (request, _) =>
            {
                Interlocked.Increment(ref ran);
                return Task.FromResult(request);
            }));
        using RawHttp2 raw = await server.RawAsync();
        await raw.GreetAsync();
        await raw.WriteAsync(RawHttp2.Request(1, "/test.Counted/Count", true, [.. Enumerable.Range(0, 65).Select(i => ($"x-{i}", "v"))]));
        (byte Type, byte Flags, int Stream, byte[] Payload)? answer;
        do answer = await raw.ReadAsync();
        while (answer is { Stream: 0, Type: not RawHttp2.GoAway });
        Assert.Equal(0, ran);
        await StillServesAsync(server);
    }

    [Fact]
    public async Task Connection_without_a_preface_is_closed_after_the_time_for_it()
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(new RpcServerOptions { HeadersTimeout = TimeSpan.FromMilliseconds(50) }, null, EchoService());
        using RawHttp2 silent = await server.RawAsync();
        using RawHttp2 begun = await server.RawAsync();
        await begun.WriteAsync("PRI * HT"u8.ToArray());
        Assert.Null(await silent.ReadAsync());
        Assert.Null(await begun.ReadAsync());
    }

    [Fact]
    public async Task Rapid_reset_runs_no_more_handlers_than_the_stream_limit_and_serves_others()
    {
        Gauge running = new();
        await using RpcTestServer server = await RpcTestServer.StartAsync(
            new RpcServerOptions { MaxStreamsPerConnection = 100 },
            null,
            EchoService(),
            RpcService.Create("test.Slow").ServerStreaming<StringValue, StringValue>("Wait", StringValue.Parser, async (_, _, context) =>
            {
                using IDisposable entered = running.Enter();
                await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
            }));
        using RawHttp2 raw = await server.RawAsync();
        await raw.GreetAsync();
        Task<int> goodbye = raw.ReadToEndAsync();
        byte[] message = new byte[5];
        int sent = await raw.WriteUntilClosedAsync(
            i => [.. RawHttp2.Request((2 * i) + 1, "/test.Slow/Wait"), .. RawHttp2.Frame(RawHttp2.Data, RawHttp2.EndStream, (2 * i) + 1, message), .. RawHttp2.Frame(RawHttp2.RstStream, 0, (2 * i) + 1, [0, 0, 0, 8])],
            20_000);
        await StillServesAsync(server);
        Assert.InRange(running.Highest, 0, 300);
        raw.Dispose();
        await running.UntilAsync(0);
        Assert.True(sent > 0);
    }

    [Fact]
    public async Task Continuation_flood_is_cut_off_within_a_few_metadata_lengths()
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(EchoService());
        using RawHttp2 raw = await server.RawAsync();
        await raw.GreetAsync();
        await raw.WriteAsync(RawHttp2.Frame(RawHttp2.Headers, 0, 1, RawHttp2.RequestBlock("/test.Echo/Echo")));
        Task<int> goodbye = raw.ReadToEndAsync();
        byte[] more = RawHttp2.Frame(RawHttp2.Continuation, 0, 1, RawHttp2.Block([.. Enumerable.Range(0, 10).Select(i => ($"x-{i}", "0123456789"))]));
        int sent = await raw.WriteUntilClosedAsync(_ => more, 1_000_000);
        Assert.InRange(sent, 1, 999_999);
        await goodbye;
        await StillServesAsync(server);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRI * HT")]
    public async Task Half_open_connections_do_not_keep_others_from_being_served(string begun)
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(EchoService());
        List<RawHttp2> silent = [];
        for (int i = 0; i < 200; i++)
        {
            silent.Add(await server.RawAsync());
            await silent[i].WriteAsync(System.Text.Encoding.ASCII.GetBytes(begun));
        }

        await StillServesAsync(server);
        silent.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Client_that_never_reads_holds_its_writers_back_and_serves_others()
    {
        const int streams = 50;
        int written = 0;
        Gauge running = new();
        EncodedMessage large = EncodedMessage.From(Text(new string('a', 256 * 1024)));
        await using RpcTestServer server = await RpcTestServer.StartAsync(
            EchoService(),
            RpcService.Create("test.Flood").ServerStreaming<StringValue>("Flood", StringValue.Parser, async (_, responses, context) =>
            {
                using IDisposable entered = running.Enter();
                while (true)
                {
                    await responses.WriteAsync(large);
                    Interlocked.Increment(ref written);
                }
            }));
        using RawHttp2 raw = await server.RawAsync();
        await raw.GreetAsync();
        for (int i = 0; i < streams; i++)
        {
            await raw.WriteAsync(RawHttp2.Request((2 * i) + 1, "/test.Flood/Flood"));
            await raw.WriteAsync(RawHttp2.Frame(RawHttp2.Data, RawHttp2.EndStream, (2 * i) + 1, new byte[5]));
        }

        await running.UntilAsync(streams);
        for (int i = 0; i < 20; i++) await StillServesAsync(server);
        // A stream's window is 64 KiB, a message 256 KiB: not one write can have completed.
        Assert.Equal(0, Volatile.Read(ref written));
        raw.Dispose();
        await running.UntilAsync(0);
    }

    [Fact]
    public async Task Unfinished_requests_are_bounded_per_connection()
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(new RpcServerOptions { MaxPartialRequestBytesPerConnection = 8 * 1024 * 1024 }, null, EchoService());
        using RawHttp2 raw = await server.RawAsync();
        await raw.GreetAsync();
        byte[] begun = new byte[64];
        BinaryPrimitives.WriteInt32BigEndian(begun.AsSpan(1), 4_000_000);
        for (int i = 0; i < 3; i++)
        {
            await raw.WriteAsync(RawHttp2.Request((2 * i) + 1, "/test.Echo/Echo"));
            await raw.WriteAsync(RawHttp2.Frame(RawHttp2.Data, 0, (2 * i) + 1, begun));
        }

        // Two fit, the third is answered at once.
        (byte Type, byte Flags, int Stream, byte[] Payload)? answer = await raw.ReadToAsync(RawHttp2.Headers);
        Assert.NotNull(answer);
        Assert.Equal(RawHttp2.EndStream, answer.Value.Flags & RawHttp2.EndStream);
        await StillServesAsync(server);
    }

    [Fact]
    public async Task Connections_above_the_limit_are_closed_and_those_below_are_served()
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(new RpcServerOptions { MaxConnections = 3 }, null, EchoService());
        using RawHttp2 first = await server.RawAsync();
        using RawHttp2 second = await server.RawAsync();
        await first.GreetAsync();
        await second.GreetAsync();
        Assert.NotNull(await first.ReadToAsync(RawHttp2.Settings));
        Assert.NotNull(await second.ReadToAsync(RawHttp2.Settings));
        using (RawHttp2 third = await server.RawAsync())
        {
            await third.GreetAsync();
            Assert.NotNull(await third.ReadToAsync(RawHttp2.Settings));
            using RawHttp2 fourth = await server.RawAsync();
            Assert.Null(await fourth.ReadAsync());
        }
    }
}
