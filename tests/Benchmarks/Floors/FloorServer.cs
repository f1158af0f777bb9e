using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Spiffe.Agent.Tests.Benchmarks.Floors;

/// <summary>The floors, in a process of their own as the daemon is: bare Kestrel on its own Unix transport, and an echo on a plain socket. Ends when standard input does.</summary>
internal static class FloorServer
{
    public const string HttpSocket = "floor.sock";
    public const string EchoSocket = "echo.sock";

    public static async Task RunAsync(string directory)
    {
        KestrelServerOptions options = new() { AddServerHeader = false };
        options.Limits.Http2.MaxStreamsPerConnection = 1024;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.ListenUnixSocket(Path.Combine(directory, HttpSocket), listen => listen.Protocols = HttpProtocols.Http2);
        using KestrelServer kestrel = new(Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
        await kestrel.StartAsync(new FixedAnswers(), CancellationToken.None);
        EchoServer.Start(Path.Combine(directory, EchoSocket));
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is not null) { }
        Environment.Exit(0);
    }
}
