using System.Net.Sockets;
using System.Text;
using Spiffe.Agent.Attestation.Attestors.Engine;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Http;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Benchmarks.Attesting;

/// <summary>What it costs to ask an engine about a container, over a real socket behind which an answer of a real Docker's size waits ready: Docker's own time comes on
/// top. The floor is the same bytes over the same socket with no HTTP and no JSON.</summary>
internal static class EngineSection
{
    private const int CallsPerRound = 20;
    private const string Id = "8d9857ff75b18109ef12474dc2f7c4601e61e6927b0c69fef3dc914c3ec06acf";

    public static void Run()
    {
        string folder = Directory.CreateTempSubdirectory("engine").FullName, path = Path.Combine(folder, "engine.sock");
        byte[] answer = Answer();
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        new Thread(() => Serve(listener, answer)) { IsBackground = true }.Start();
        if (!PeerProcess.TryOpen(Environment.ProcessId, out PeerProcess? self, out PeerRefusal refusal)) throw new InvalidOperationException($"{refusal}");
        using Socket raw = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        raw.Connect(new UnixDomainSocketEndPoint(path));

        string place = $"/docker/{Id}";
        ContainerPlace container = new(ContainerRuntime.Docker, Id, place);
        CgroupReading reading = new($"0::{place}\n", place, new CgroupPlace { Container = container });
        UnixEndpoint endpoint = new("engine", path, self.UserId);
        SelectorKinds needed = SelectorKinds.Of([new Selector("docker", "label:role:payments")]);
        using EngineInquiry inquiry = new(EngineDialect.Docker, _ => reading, TimeProvider.System);
        byte[] question = Encoding.ASCII.GetBytes($"GET /containers/{Id}/json HTTP/1.1\r\nHost: engine\r\n\r\n"), buffer = new byte[answer.Length];
        var results = Stopclock.Measure(
            CallsPerRound,
            ("floor: the bytes there and back", () =>
            {
                raw.Send(question);
                for (int got = 0; got < answer.Length;) got += raw.Receive(buffer);
            }
        ),
            ("a container not seen before", () => Ask(SelectorKinds.All)),
            ("a container that lives and is remembered", () => Ask(needed)));
        Stopclock.Print(results, results[0].Microseconds);
        raw.Close();
        self.Dispose();
        Directory.Delete(folder, recursive: true);

        void Ask(SelectorKinds kinds)
        {
            if (inquiry.AskAsync(endpoint, reading, container, "", kinds, CancellationToken.None).AsTask().GetAwaiter().GetResult().Evidence.Count == 0)
                throw new InvalidOperationException("nothing found");
        }
    }

    /// <summary>10 KB, as Docker 20.10 writes of a container with a few labels.</summary>
    private static byte[] Answer()
    {
        string body = $$"""
            {"Id":"{{Id}}","State":{"Status":"running","Running":true,"Pid":{{Environment.ProcessId}}},"Image":"sha256:b84d","Name":"/web",
            "HostConfig":{ {{string.Join(',', Enumerable.Range(0, 300).Select(i => $"\"Setting{i}\":[\"value\",{i}]"))}}},
            "Config":{"Env":["PATH=/usr/bin","STAGE=production"],"Image":"wl:1","Labels":{"role":"payments","from.image":"yes"} } }
            """;
        return Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }

    private static void Serve(Socket listener, byte[] answer)
    {
        while (true)
        {
            Socket connection;
            try
            {
                connection = listener.Accept();
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException)
            {
                return;
            }

            new Thread(() => Answer(connection, answer)) { IsBackground = true }.Start();
        }
    }

    private static void Answer(Socket connection, byte[] answer)
    {
        using Socket held = connection;
        byte[] buffer = new byte[4096];
        try
        {
            while (held.Receive(buffer) > 0) held.Send(answer);
        }
        catch (SocketException)
        {
            // The end.
        }
    }
}
