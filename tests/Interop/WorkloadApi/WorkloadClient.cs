using System.Diagnostics;
using Spiffe.Agent.Tests.TestKit.Daemon;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Interop.WorkloadApi;

/// <summary>How the client of one language is started: it finds the socket where users put it, in <c>SPIFFE_ENDPOINT_SOCKET</c>.</summary>
/// <param name="Program">What to run.</param>
/// <param name="Arguments">Its arguments before the case.</param>
/// <param name="Environment">Variables that it needs.</param>
internal sealed record WorkloadClient(string Program, string[] Arguments, params (string Name, string Value)[] Environment)
{
    private const string Nobody = "65534";

    private static readonly string[] AsNobody = [$"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"];

    /// <summary>Null when another user can be taken on and can read what the clients are made of; else the reason to skip.</summary>
    public static string? AnotherUser() => Requirement.All(
        Requirement.Root(),
        Requirement.Program("setpriv"),
        Requirement.Command("other users cannot read the repository", "setpriv", [.. AsNobody, "test", "-r", Repository.Path("Spiffe.Agent.sln")]));

    /// <summary>Runs a case of <see cref="WorkloadCases"/>.</summary>
    public async Task RunAsync(Daemons daemons, string testCase)
    {
        Daemon daemon = await daemons.ForAsync(testCase);
        ProcessStartInfo start = Start(daemon, Program, [.. Arguments, testCase == WorkloadCases.Crash ? WorkloadCases.Restart : testCase]);
        // A client that watches says when the daemon is to end.
        await ForeignClient.RunAsync(start, async line =>
        {
            Assert.Equal("restart", line);
            if (testCase == WorkloadCases.Crash) await daemon.KillAsync();
            else Assert.Equal(0, await daemon.StopAsync());
            await daemon.StartAsync();
        });
    }

    /// <summary>Runs as another user, whom a daemon gives nothing that gives its own user everything.</summary>
    public async Task RunAsNobodyAsync(Daemons daemons)
    {
        Daemon daemon = await daemons.ForAsync("x509_svid");
        await ForeignClient.RunAsync(Start(daemon, "setpriv", [.. AsNobody, Program, .. Arguments, "no_identity"]));
    }

    /// <summary>Runs an example until it has printed its identities twice: at once, and after a rotation.</summary>
    public async Task RunExampleAsync(Daemons daemons)
    {
        Daemon daemon = await daemons.ForAsync("watch");
        List<string> lines = [];
        await ForeignClient.RunAsync(Start(daemon, Program, [.. Arguments, "2"]), line =>
        {
            lines.Add(line);
            return Task.CompletedTask;
        });
        Assert.Equal(4, lines.Count);
        Assert.All(lines, (line, i) => Assert.Matches($"^spiffe://example.org/{(i % 2 == 0 ? "web" : "db")} until 20[0-9-]+T[0-9:.]+Z, serial [0-9a-f]+$", line));
        Assert.InRange(lines.Distinct(StringComparer.Ordinal).Count(), 3, 4); // The two need not rotate together.
    }

    private ProcessStartInfo Start(Daemon daemon, string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments);
        start.Environment["SPIFFE_ENDPOINT_SOCKET"] = daemon.Endpoint;
        foreach ((string name, string value) in Environment) start.Environment[name] = value;
        return start;
    }
}
