using System.Diagnostics;
using System.Security.Cryptography;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Benchmarks.Auditing;

/// <summary>How fast a log is verified, all of it, beside the SHA-256 that nobody can do without: each entry twice, on as many cores.</summary>
internal static class VerifySection
{
    private const string Origin = "bench.example.org";
    private const int Entries = 300_000;
    private const int EntryLength = 600;
    private const int Rounds = 5;

    public static void Run()
    {
        // In memory where there is such a place: it is the verifier that is measured, not the disk.
        string directory = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"bench-log-{Environment.ProcessId}")).FullName;
        try
        {
            using SecretBytes seed = NoteSigner.NewSeed();
            using NoteSigner signer = new(Origin, seed);
            byte[][] entries = Make(directory, signer);
            Measure(directory, signer, entries);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static byte[][] Make(string directory, NoteSigner signer)
    {
        TileWriter writer = new(directory, 0);
        byte[][] entries = new byte[Entries][];
        TreeHash previous = RecordEntry.None;
        DateTimeOffset at = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
        for (int i = 0; i < Entries; i++)
        {
            RecordFields data = new RecordFields().Add("task", $"01J{i % 1000:d23}").Add("credential", $"{i:x32}").Add("credential_kind", "jwt").Add("audience", "spiffe://example.org/db").Add("generation", 3)
                .Add("template", "nightly-export").Add("owner", "data-platform").Add("id", $"spiffe://example.org/agent/nightly/{i % 1000:d23}").Add("process", "unit:export.service pid:4711").Add("expires_at", at);
            entries[i] = RecordEntry.Write(i, previous, RecordTypes.TaskIssued, at.AddMilliseconds(i), data.Add("resource", new string('r', 88)));
            previous = RecordEntry.HashOf(entries[i]);
            writer.Append(entries[i]);
        }

        writer.Publish();
        File.WriteAllText(Path.Combine(directory, "log.vkey"), $"{signer.VerifierKey}\n");
        File.WriteAllBytes(Path.Combine(directory, TilePath.Checkpoint), signer.Sign(new Checkpoint(Origin, writer.Size, writer.Root).ToText()).ToArray());
        Console.WriteLine($"{Entries:N0} entries of {entries.Average(entry => entry.Length):F0} bytes (aimed at {EntryLength}), {Environment.ProcessorCount} cores");
        return entries;
    }

    private static void Measure(string directory, NoteSigner signer, byte[][] entries)
    {
        double hashing = double.MaxValue, verifying = double.MaxValue, watched = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            // In turns, so that whoever disturbs the machine disturbs all of them.
            hashing = Math.Min(hashing, Time(() => Parallel.ForEach(entries, static entry =>
            {
                Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
                SHA256.HashData(entry, hash);
                SHA256.HashData(entry, hash);
            })));
            verifying = Math.Min(verifying, Time(() => Verify(directory, signer, null)));
            watched = Math.Min(watched, Time(() => Verify(directory, signer, static entry => _ = entry.Parsed.Data)));
        }

        Print("floor: each entry hashed twice, in parallel", hashing, hashing);
        Print("audit verify", verifying, hashing);
        Print("the same, and each entry parsed", watched, hashing);
    }

    private static void Verify(string directory, NoteSigner signer, Action<LogEntry>? observer)
    {
        VerificationReport report = new DirectoryVerifier(directory, LogPolicy.Of(signer.VerifierKey)) { Observer = observer }.VerifyAsync(CancellationToken.None).GetAwaiter().GetResult();
        if (!report.IsIntact || report.Read != Entries) throw new InvalidOperationException($"the log is not what it is measured for: {report.Faults.FirstOrDefault()}");
    }

    private static double Time(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Print(string name, double seconds, double floor) => Console.WriteLine($"{name,-44} {Entries / seconds,11:N0} records/s {seconds / Entries * 1e6,7:F2} us each   {seconds / floor:F2} x floor");
}
