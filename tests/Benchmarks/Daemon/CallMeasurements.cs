using System.Buffers.Text;
using System.Net.Sockets;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Tests.Benchmarks.Load;

namespace Spiffe.Agent.Tests.Benchmarks.Daemon;

/// <summary>Single calls: the daemon and the bare handler in turns, with the same client, the same request and answers of the same length.</summary>
internal sealed class CallMeasurements(DaemonUnderTest daemon, ChildProcess floor, string floorSocket)
{
    private const int Rounds = 21;
    private const double StreamAim = 1.3, ConnectAim = 1.5, TokenAim = 2;

    /// <summary>Enough calls for the tiered compiler to be done with what is hot, on both sides.</summary>
    private const int WarmUp = 60_000;

    public void Echo(string socketPath)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        byte[] buffer = new byte[200];
        Contest.Result echo = Contest.Run(
            Rounds,
            (calls =>
            {
                for (int i = 0; i < calls; i++)
                {
                    socket.Send(buffer);
                    for (int read = 0; read < buffer.Length;) read += socket.Receive(buffer.AsSpan(read));
                }
            }, floor))[0];
        Table.Row("raw Unix socket, 200 bytes there and back", echo, echo, 0);
    }

    /// <summary>A new stream on a warm connection until its first message; so many under way at once.</summary>
    public void NewStream(int workers)
    {
        using LoadConnection ours = new(daemon.Socket), held = new(floorSocket), ended = new(floorSocket);
        ours.Run(Calls.FetchX509, CallEnd.FirstMessage, 1, 1);
        int length = ours.LastMessage.Length;
        CallTemplate hold = Calls.Floor(true, length, new X509SVIDRequest()), end = Calls.Floor(false, length, new X509SVIDRequest());
        ours.Run(Calls.FetchX509, CallEnd.FirstMessage, WarmUp, workers);
        held.Run(hold, CallEnd.FirstMessage, WarmUp, workers);
        ended.Run(end, CallEnd.Trailers, WarmUp, workers);
        IReadOnlyList<Contest.Result> results = Contest.Run(
            Rounds,
            (calls => ours.Run(Calls.FetchX509, CallEnd.FirstMessage, calls, workers), daemon.Process),
            (calls => held.Run(hold, CallEnd.FirstMessage, calls, workers), floor),
            (calls => ended.Run(end, CallEnd.Trailers, calls, workers), floor));
        Table.Row($"new X.509 stream, {workers} at once", results[0], results[1], StreamAim);
        Table.Row("  beside a handler that ends by itself", results[0], results[2], 0);
    }

    /// <summary>Connect, call, first message, disconnect.</summary>
    public void Connect()
    {
        int length;
        using (LoadConnection probe = new(daemon.Socket))
        {
            probe.Run(Calls.FetchX509, CallEnd.FirstMessage, 1, 1);
            length = probe.LastMessage.Length;
        }

        CallTemplate hold = Calls.Floor(true, length, new X509SVIDRequest());
        IReadOnlyList<Contest.Result> results = Contest.Run(
            Rounds,
            (calls => Reconnect(daemon.Socket, Calls.FetchX509, calls), daemon.Process),
            (calls => Reconnect(floorSocket, hold, calls), floor));
        Table.Row("connect + first X.509 response", results[0], results[1], ConnectAim);
    }

    public void Jwt()
    {
        int counter = 0;
        using LoadConnection ours = new(daemon.Socket), bare = new(floorSocket);
        using LoadConnection fresh = new(daemon.Socket)
        {
            Personalize = message => Utf8Formatter.TryFormat(++counter, message.Span[^Calls.FreshDigits..], out _, new('D', Calls.FreshDigits)),
        };
        ours.Run(Calls.CachedJwt, CallEnd.Trailers, 1, 1);
        string token = JWTSVIDResponse.Parser.ParseFrom(ours.LastMessage.Span).Svids[0].Svid;
        CallTemplate validate = Calls.Validate(token);
        CallTemplate jwtFloor = Calls.Floor(false, ours.LastMessage.Length, new JWTSVIDRequest { Audience = { Calls.Audience } });
        ours.Run(validate, CallEnd.Trailers, 1, 1);
        CallTemplate validateFloor = Calls.Floor(false, ours.LastMessage.Length, new ValidateJWTSVIDRequest { Audience = Calls.Audience, Svid = token });

        ours.Run(Calls.CachedJwt, CallEnd.Trailers, WarmUp, 8);
        ours.Run(validate, CallEnd.Trailers, WarmUp, 8);
        fresh.Run(Calls.FreshJwt, CallEnd.Trailers, WarmUp / 4, 8);
        foreach (int workers in (int[])[1, 8])
        {
            IReadOnlyList<Contest.Result> results = Contest.Run(
                Rounds,
                (calls => ours.Run(Calls.CachedJwt, CallEnd.Trailers, calls, workers), daemon.Process),
                (calls => fresh.Run(Calls.FreshJwt, CallEnd.Trailers, calls, workers), daemon.Process),
                (calls => bare.Run(jwtFloor, CallEnd.Trailers, calls, workers), floor),
                (calls => ours.Run(validate, CallEnd.Trailers, calls, workers), daemon.Process),
                (calls => bare.Run(validateFloor, CallEnd.Trailers, calls, workers), floor));
            Table.Row($"JWT-SVID, cached, {workers} at once", results[0], results[2], TokenAim);
            Table.Row($"JWT-SVID, fresh audience, {workers} at once", results[1], results[2], 0);
            Table.Row($"ValidateJWTSVID, {workers} at once", results[3], results[4], TokenAim);
        }
    }

    private static void Reconnect(string socket, CallTemplate call, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            using LoadConnection connection = new(socket);
            connection.Run(call, CallEnd.FirstMessage, 1, 1);
        }
    }
}
