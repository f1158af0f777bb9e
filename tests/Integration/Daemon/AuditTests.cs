using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Verification;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Daemon;

/// <summary>The log of the real daemon, as its operators and others meet it.</summary>
public sealed class AuditTests
{
    private const string Configuration = """
        trust_domain: example.org
        templates:
          - { name: work, owner: team-a, purpose: tests, start: [ "unix:uid:UID" ], grants: [ { type: repo, actions: [ read ], locations: [ "https://git.example/x" ], audiences: [ repo ] } ] }
        """;

    [Fact]
    public async Task Words_are_erased_and_the_log_stays_whole_and_says_who_had_it_done()
    {
        await using RealDaemon daemon = await StartAsync();
        await RunAsync(daemon, 0, "task", "run", "--socket", daemon.Endpoint, "--template", "work", "--goal", "read the secret diary", "--", "true");
        RecordEntry[] before = await EntriesAsync(daemon, RecordTypes.TaskDeclared);
        string index = Assert.Single(before).Seq.ToString(CultureInfo.InvariantCulture);
        Assert.Contains("secret diary", await AllOfAsync(daemon), StringComparison.Ordinal);

        Assert.Contains("its words are erased", await RunAsync(daemon, 0, "audit", "erase", index), StringComparison.Ordinal);

        Assert.DoesNotContain("secret diary", await AllOfAsync(daemon), StringComparison.Ordinal);
        Assert.Contains("not any more", await RunAsync(daemon, 0, "audit", "erase", index), StringComparison.Ordinal);
        await RunAsync(daemon, 65, "audit", "erase", "100000");
        await daemon.StopAsync();
        Assert.Contains("intact", await RunAsync(daemon, 0, "audit", "verify", daemon.AuditDirectory), StringComparison.Ordinal);
        Assert.Contains(await EntriesAsync(daemon, RecordTypes.TextErased), entry => entry.Data.GetProperty("index").GetInt64() == before[0].Seq);
    }

    [Fact]
    public async Task A_directory_that_somebody_changed_keeps_the_daemon_from_starting()
    {
        await using RealDaemon daemon = await StartAsync();
        await daemon.StopAsync();
        string bundle = Directory.GetFiles(Path.Combine(daemon.AuditDirectory, "tile", "0", "000.p")).OrderByDescending(file => int.Parse(Path.GetFileName(file), CultureInfo.InvariantCulture)).First();
        byte[] bytes = await File.ReadAllBytesAsync(bundle);
        bytes[5] ^= 1;
        await File.WriteAllBytesAsync(bundle, bytes);

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(daemon.StartAsync);
        Assert.Contains("audit verify", refused.Message, StringComparison.Ordinal); // And what to do.
    }

    [Fact]
    public async Task Status_counts_what_was_found_of_tasks_that_ended()
    {
        await using RealDaemon daemon = await StartAsync();
        await RunAsync(daemon, 0, "task", "run", "--socket", daemon.Endpoint, "--template", "work", "--goal", "end", "--", "true");
        await EntriesAsync(daemon, RecordTypes.TaskOffboarded); // Once it is looked behind.

        using CancellationTokenSource patience = new(RealDaemon.Patience);
        long counted = 0;
        while (counted == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            using JsonDocument status = JsonDocument.Parse(await RunAsync(daemon, 0, "status", "--output", "json"));
            JsonElement offboarded = status.RootElement.GetProperty("offboarded");
            Assert.Equal((0, 0), (offboarded.GetProperty("residue_found").GetInt64(), offboarded.GetProperty("still_accepted").GetInt64()));
            counted = offboarded.GetProperty("verified").GetInt64() + offboarded.GetProperty("incomplete").GetInt64(); // Who is not root may not look everywhere.
        }

        Assert.Equal(1, counted);
    }

    [Fact]
    public async Task Two_daemons_do_not_write_one_log()
    {
        await using RealDaemon first = await StartAsync();
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using RealDaemon second = await RealDaemon.StartAsync($"trust_domain: example.org\naudit: {{ dir: {first.AuditDirectory} }}");
        });
        Assert.Contains("is held by", refused.Message, StringComparison.Ordinal);
    }

    private static Task<RealDaemon> StartAsync() =>
        RealDaemon.StartAsync(Configuration.Replace("UID", Environment.IsPrivilegedProcess ? "0" : File.ReadAllLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2], StringComparison.Ordinal));

    private static async Task<RecordEntry[]> EntriesAsync(RealDaemon daemon, string type)
    {
        List<RecordEntry> found = [];
        using CancellationTokenSource patience = new(RealDaemon.Patience);
        while (found.Count == 0)
        {
            // Published once a second.
            using LogReader? reader = LogReader.Open(daemon.AuditDirectory);
            if (reader?.Head() is var (_, head))
            {
                await foreach (LogEntry entry in reader.ReadAsync(0, head.Size, head.Size, patience.Token))
                {
                    if (entry.Type == type) found.Add(entry.Parsed);
                }
            }

            if (found.Count == 0) await Task.Delay(100, patience.Token);
        }

        return [.. found];
    }

    /// <summary>Every byte that is in the log's directory, as text.</summary>
    private static async Task<string> AllOfAsync(RealDaemon daemon)
    {
        List<string> all = [];
        foreach (string file in Directory.GetFiles(daemon.AuditDirectory, "*", SearchOption.AllDirectories).Where(static file => Path.GetFileName(file) != "lock"))
        {
            try
            {
                all.Add(System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Renamed while we looked.
            }
        }

        return string.Concat(all);
    }

    private static async Task<string> RunAsync(RealDaemon daemon, int expected, params string[] arguments)
    {
        ProcessStartInfo start = new(RealDaemon.Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SPIFFE_AGENT_ADMIN_SOCKET"] = $"unix://{daemon.AdminSocket}";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == expected, $"{string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await error}");
        return await output;
    }
}
