using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Spiffe.Agent.Tests.Benchmarks.Load;

namespace Spiffe.Agent.Tests.Benchmarks.Daemon;

/// <summary>The published daemon with a configuration of its own: one entry for whoever runs this, and as many that do not match as asked for.</summary>
/// <remarks>The budget of requests per user is switched off: this client is one user and would be refused.</remarks>
internal sealed class DaemonUnderTest : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _directory;

    private DaemonUnderTest(ChildProcess process, string directory, TimeSpan toFirstSvid)
    {
        Process = process;
        _directory = directory;
        ToFirstSvid = toFirstSvid;
    }

    public ChildProcess Process { get; }

    /// <summary>From before fork to the first X509-SVID in the client's hands, on a connection made for it.</summary>
    public TimeSpan ToFirstSvid { get; }

    public string Socket => SocketIn(_directory);

    /// <param name="file">The published executable.</param>
    /// <param name="parent">A directory to make one's own in.</param>
    /// <param name="strangers">Entries that do not match the caller.</param>
    /// <param name="x509Ttl">Lifetime of X509-SVIDs.</param>
    public static DaemonUnderTest Start(string file, string parent, int strangers = 0, string x509Ttl = "1h")
    {
        string directory = Directory.CreateDirectory(Path.Combine(parent, Path.GetRandomFileName())).FullName;
        string config = Path.Combine(directory, "agent.yaml");
        File.WriteAllText(config, Configuration(directory, strangers, x509Ttl));
        long start = Stopwatch.GetTimestamp();
        ChildProcess process = ChildProcess.Start(file, "run", "--config", config);
        while (!TryFetch(SocketIn(directory)))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(start) > Patience) throw new RefusedException($"{file} does not serve");
            Thread.Yield();
        }

        return new DaemonUnderTest(process, directory, Stopwatch.GetElapsedTime(start));
    }

    public void Dispose()
    {
        Process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static string SocketIn(string directory) => Path.Combine(directory, "workload.sock");

    private static bool TryFetch(string socket)
    {
        if (!File.Exists(socket)) return false;
        try
        {
            using LoadConnection connection = new(socket);
            connection.Run(Calls.FetchX509, CallEnd.FirstMessage, 1, 1);
            return true;
        }
        catch (Exception e) when (e is SocketException or RefusedException)
        {
            return false; // Not bound, or not serving yet.
        }
    }

    private static string Configuration(string directory, int strangers, string x509Ttl)
    {
        StringBuilder yaml = new();
        yaml.AppendLine(CultureInfo.InvariantCulture, $$"""
            trust_domain: example.org
            sockets: { workload: { path: {{directory}}/workload.sock }, admin: { path: {{directory}}/admin.sock } }
            limits: { requests_per_second_per_uid: 0 }
            log: { level: warn }
            authority: { x509_ttl: {{x509Ttl}} }
            entries:
              - { id: /ns/production/sa/web, selectors: [ "unix:uid:{{CallerId.Effective}}" ] }
            """);
        for (int i = 0; i < strangers; i++)
            yaml.AppendLine(CultureInfo.InvariantCulture, $$"""  - { id: /stranger/{{i}}, selectors: [ "unix:uid:{{3_000_000_000 + i}}" ] }""");
        return yaml.ToString();
    }
}
