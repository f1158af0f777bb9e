using Spiffe.Agent.Tests.TestKit.Requirements;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Daemon;

/// <summary>Real processes that become something else while their stream is open: the stream says what they are now, or ends.</summary>
public sealed class LiveStreamTests : IAsyncLifetime
{
    private const string Unavailable = "status 14";
    private const string PermissionDenied = "status 7";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("live-");

    private string Trusted => Path.Combine(_folder.FullName, "trusted");

    private string Other => Path.Combine(_folder.FullName, "other");

    public async Task InitializeAsync()
    {
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101);
        if (!File.Exists("/usr/bin/gcc")) return;
        await NativeClient.BuildAsync(Trusted);
        File.Copy(Trusted, Other);
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [RequiresRootFact("/usr/bin/gcc")]
    public async Task Process_that_becomes_another_program_keeps_only_what_that_program_earns()
    {
        await using RealDaemon daemon = await DaemonAsync($"{{ id: /trusted, selectors: [ \"unix:path:{Trusted}\" ] }}, {{ id: /anyone, selectors: [ \"unix:uid:0\" ] }}");
        await using NativeClient client = NativeClient.Start(Trusted, "open", daemon.WorkloadSocket);
        Assert.Equal("trusted=1 anyone=1", await client.NextAsync());

        await client.BecomeAsync(Trusted); // Another image of the same program: nothing to tell.
        await client.BecomeAsync(Other);
        Assert.Equal("trusted=0 anyone=1", await client.NextAsync());

        await client.BecomeAsync(Trusted);
        Assert.Equal("trusted=1 anyone=1", await client.NextAsync());
        await LoggedAsync(daemon, $"lost unix:path:{Trusted}");
        await LoggedAsync(daemon, $"gained unix:path:{Trusted}");
    }

    [RequiresRootFact("/usr/bin/gcc")]
    public async Task Process_that_becomes_a_program_without_an_identity_loses_its_stream()
    {
        await using RealDaemon daemon = await DaemonAsync($"{{ id: /trusted, selectors: [ \"unix:path:{Trusted}\" ] }}");
        await using NativeClient client = NativeClient.Start(Trusted, "open", daemon.WorkloadSocket);
        Assert.Equal("trusted=1 anyone=0", await client.NextAsync());

        await client.BecomeAsync(Other);
        Assert.Equal(PermissionDenied, await client.NextAsync());
    }

    [RequiresRootFact("/usr/bin/gcc", "setpriv")]
    public async Task Setuid_exec_ends_the_stream()
    {
        await using RealDaemon daemon = await DaemonAsync("{ id: /anyone, selectors: [ \"unix:uid:65534\" ] }");
        File.SetUnixFileMode(Other, (UnixFileMode)0b100_111_101_101); // Setuid, and root's.
        await using NativeClient client = NativeClient.StartAsNobody(Trusted, "open", daemon.WorkloadSocket);
        Assert.Equal("trusted=0 anyone=1", await client.NextAsync());

        await client.BecomeAsync(Other);
        Assert.Equal(Unavailable, await client.NextAsync());
        await LoggedAsync(daemon, "CredentialsChanged");
    }

    [RequiresRootFact("/usr/bin/gcc")]
    public async Task Program_replaced_under_a_stream_loses_its_path()
    {
        await using RealDaemon daemon = await DaemonAsync($"{{ id: /trusted, selectors: [ \"unix:path:{Trusted}\" ] }}, {{ id: /anyone, selectors: [ \"unix:uid:0\" ] }}");
        await using NativeClient client = NativeClient.Start(Trusted, "open", daemon.WorkloadSocket);
        Assert.Equal("trusted=1 anyone=1", await client.NextAsync());

        File.Move(Other, Trusted, overwrite: true); // Of which no kernel tells.
        Assert.Equal("trusted=0 anyone=1", await client.NextAsync());
    }

    [RequiresRootFact("/usr/bin/gcc")]
    public async Task Pid_that_is_given_to_another_process_lends_it_nothing()
    {
        await using RealDaemon daemon = await DaemonAsync($"{{ id: /trusted, selectors: [ \"unix:path:{Trusted}\", \"unix:uid:0\" ] }}");
        await using NativeClient client = NativeClient.Start(Trusted, "reuse", daemon.WorkloadSocket, "300");

        string[] told = (await client.NextAsync()).Split(' ');
        Assert.Equal("served", told[2]);
        Assert.InRange(int.Parse(told[1], System.Globalization.CultureInfo.InvariantCulture), 50, 300); // As often as a pid could be had: the same pid, user and program.
        Assert.Equal("0", told[3]);
    }

    /// <summary>Lines are written by a thread of their own.</summary>
    private static async Task LoggedAsync(RealDaemon daemon, string text)
    {
        using CancellationTokenSource patience = new(RealDaemon.Patience);
        while (!daemon.Log.Contains(text, StringComparison.Ordinal)) await Task.Delay(20, patience.Token);
    }

    private static Task<RealDaemon> DaemonAsync(string entries) => RealDaemon.StartAsync($$"""
        trust_domain: example.org
        limits: { requests_per_second_per_uid: 0 }
        entries: [ {{entries}} ]
        """);
}
