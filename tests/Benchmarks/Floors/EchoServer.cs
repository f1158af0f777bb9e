using System.Net.Sockets;

namespace Spiffe.Agent.Tests.Benchmarks.Floors;

/// <summary>What any answer over a Unix socket costs at least: one process wakes another and is woken.</summary>
internal static class EchoServer
{
    public static void Start(string path)
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        Thread server = new(() => Serve(listener)) { IsBackground = true };
        server.Start();
    }

    private static void Serve(Socket listener)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            using Socket peer = listener.Accept();
            int read;
            while ((read = peer.Receive(buffer)) > 0) peer.Send(buffer.AsSpan(0, read));
        }
    }
}
