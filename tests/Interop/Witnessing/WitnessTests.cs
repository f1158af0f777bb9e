using System.Diagnostics;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Tests.TestKit.Requirements;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Interop.Witnessing;

/// <summary>The real daemon and a witness in another language, written from the public texts: each head is cosigned with a proof, and a log that was set back is found out.</summary>
public sealed class WitnessTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("witness-").FullName;
    private Process? _witness;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_witness is not null)
        {
            _witness.Kill();
            await _witness.WaitForExitAsync();
            _witness.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [WitnessFact]
    public async Task Heads_are_cosigned_across_restarts_and_a_log_that_was_set_back_is_found_out()
    {
        string policyFile = Path.Combine(_folder, "policy"), keys = Path.Combine(_folder, "keys");
        await using RealDaemon daemon = await RealDaemon.StartAsync("trust_domain: example.org"); // Makes the log and its key.
        await daemon.StopAsync();
        string log = (await File.ReadAllTextAsync(Path.Combine(daemon.AuditDirectory, "log.vkey"))).Trim();
        await File.WriteAllTextAsync(keys, log + "\n");
        string[] witness = await StartWitnessAsync(keys);
        string policy = $"log {log}\nwitness one {witness[0]} {witness[1]}\nquorum one\n";
        await File.WriteAllTextAsync(policyFile, policy);
        string configuration = await File.ReadAllTextAsync(daemon.ConfigurationFile);
        await File.WriteAllTextAsync(daemon.ConfigurationFile, configuration.Replace("audit: { dir: audit }", $"audit: {{ dir: audit, witnesses: {policyFile} }}", StringComparison.Ordinal));

        long first = await WitnessedAsync(daemon, policy, beyond: 0);
        string kept = Path.Combine(_folder, "kept");
        await CopyAsync(daemon.AuditDirectory, kept);
        long second = await WitnessedAsync(daemon, policy, beyond: first); // With a proof from the first.
        long third = await WitnessedAsync(daemon, policy, beyond: second);
        Assert.True(third > second && second > first);

        // Whoever can write the directory puts back what was there before: the log itself sees nothing in that.
        Directory.Delete(daemon.AuditDirectory, recursive: true);
        Directory.Move(kept, daemon.AuditDirectory);
        await daemon.StartAsync();
        await UntilAsync(() => daemon.Log.Contains("the audit log is not what it was when it was witnessed", StringComparison.Ordinal));
        await daemon.StopAsync();
    }

    /// <summary>Runs the daemon until its witness has cosigned a head beyond a size, and stops it.</summary>
    private static async Task<long> WitnessedAsync(RealDaemon daemon, string policy, long beyond)
    {
        Assert.True(LogPolicy.TryParse(System.Text.Encoding.UTF8.GetBytes(policy), out LogPolicy? believed, out string fault), fault);
        await daemon.StartAsync();
        long size = 0;
        await UntilAsync(() => (size = SizeOf(Path.Combine(daemon.AuditDirectory, "witnessed"), believed)) > beyond);
        await daemon.StopAsync();
        return size;
    }

    private static long SizeOf(string file, LogPolicy policy)
    {
        if (!File.Exists(file) || !SignedNote.TryParse(File.ReadAllBytes(file), out SignedNote? note, out _)) return 0;
        Assert.True(policy.Verify(note).Accepted, policy.Verify(note).Fault);
        return Checkpoint.TryParse(note.Text, out Checkpoint? head, out _) ? head.Size : 0;
    }

    private async Task<string[]> StartWitnessAsync(string keys)
    {
        _witness = Process.Start(new ProcessStartInfo(PythonTheoryAttribute.Python, [Repository.Path("tests", "Interop", "Witnessing", "witness.py"), _folder, keys]) { RedirectStandardOutput = true })!;
        using CancellationTokenSource patience = new(RealDaemon.Patience);
        string? line = await _witness.StandardOutput.ReadLineAsync(patience.Token);
        return (line ?? throw new InvalidOperationException("the witness does not start")).Split(' ');
    }

    private static async Task CopyAsync(string from, string to)
    {
        using Process copy = Process.Start("cp", ["-a", from, to]);
        await copy.WaitForExitAsync();
        Assert.Equal(0, copy.ExitCode);
    }

    private static async Task UntilAsync(Func<bool> seen)
    {
        using CancellationTokenSource patience = new(RealDaemon.Patience);
        while (!seen()) await Task.Delay(50, patience.Token);
    }

    private sealed class WitnessFactAttribute : FactAttribute
    {
        public WitnessFactAttribute() => Skip = Requirement.Command("python3-cryptography is not installed: eng/install-test-packages", PythonTheoryAttribute.Python, "-c", "import cryptography");
    }
}
