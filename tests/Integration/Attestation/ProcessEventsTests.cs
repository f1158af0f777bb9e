using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation;

/// <summary>What the kernel tells of processes, where it does.</summary>
public sealed class ProcessEventsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [RequiresRootTheory("perl")]
    [InlineData("exec '/bin/sleep', '60'")]
    [InlineData("$> = 65534; sleep 60")]
    [InlineData("$) = 65534; sleep 60")]
    public async Task Exec_and_changed_ids_are_told(string change)
    {
        using ProcessEvents? events = ProcessEvents.TryOpen(out string missing);
        if (events is null)
        {
            Assert.StartsWith("process events need", missing, StringComparison.Ordinal); // A container, or an old kernel: there is nothing to hear.
            return;
        }

        ConcurrentDictionary<int, TaskCompletionSource> told = new();
        events.Start(pid => told.GetOrAdd(pid, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(), () => { });
        using Process process = Process.Start(new ProcessStartInfo("perl", ["-e", $"$| = 1; print \"ready\\n\"; <STDIN>; {change}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
            // Its own start was told before: another way to say that it is heard at all.
            await told.GetOrAdd(process.Id, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(Patience);
            told[process.Id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await process.StandardInput.WriteLineAsync("go");
            await told[process.Id].Task.WaitAsync(Patience);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public void Messages_of_any_bytes_name_a_process_or_nothing()
    {
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(76);
            if (i % 2 == 0) new byte[] { 1, 0, 0, 0, 1, 0, 0, 0 }.CopyTo(bytes, 16); // An event, of whatever kind.
            if (i % 4 == 0) new byte[] { 2, 0, 0, 0 }.CopyTo(bytes, 36); // An exec, of whatever process.
            int length = i % 77;
            Assert.True(!ProcessEvent.TryReadChange(bytes.AsSpan(0, length), out int processId) || processId > 0);
            Assert.False(length < 60 && ProcessEvent.IsConfirmation(bytes.AsSpan(0, length), 1));
        }
    }
}
