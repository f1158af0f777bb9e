using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Tests.Unit.Audit.Notes;

namespace Spiffe.Agent.Tests.Unit.Audit.Verification;

/// <summary>Logs that nobody touched.</summary>
public sealed class DirectoryVerifierTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(512)]
    [InlineData(1_300)]
    public async Task An_intact_log_is_intact_and_every_entry_is_seen_in_order(int size)
    {
        using MadeLog log = MadeLog.Of(size);
        List<byte[]> seen = [];
        List<long> done = [];
        DirectoryVerifier verifier = new(log.Folder, LogPolicy.Of(log.Key))
        {
            Observer = entry =>
            {
                Assert.Equal((long)seen.Count, entry.Seq);
                Assert.Equal(("sample", entry.At), (entry.Type, entry.Parsed.At));
                seen.Add(entry.Bytes.ToArray());
            },
            Progress = (entries, _) => done.Add(entries),
        };

        VerificationReport report = await verifier.VerifyAsync(CancellationToken.None);

        Assert.Empty(report.Faults);
        Assert.Empty(report.Remarks);
        Assert.True(report.IsIntact);
        Assert.Equal(log.Entries, seen);
        Assert.Equal(size, done.LastOrDefault());
        Assert.Equal((MadeLog.Origin, size, size, log.Entries.Sum(entry => entry.Length)), (report.Origin, report.Size, report.Read, report.Bytes));
        Assert.Equal(size == 0 ? null : (MadeLog.Begin, MadeLog.Begin.AddSeconds(size - 1)), report.Times);
        Assert.Equal(new[] { 0, 1, 3, 100, 256, 300, 511, 700, 1_000, size }.Where(head => head > 0 && head <= size).Distinct().Count() + (size == 0 ? 1 : 0), report.Heads);
    }

    [Fact]
    public async Task Keys_that_vouch_for_each_other_are_followed_from_any_of_them()
    {
        using MadeLog log = MadeLog.Of(100);
        NoteSigner second = log.ChangeKey();
        for (int i = 0; i < 200; i++) log.Add();
        log.Publish();
        NoteSigner third = log.ChangeKey();
        NoteSigner fourth = log.ChangeKey();
        log.Add();
        log.Publish();

        foreach (NoteVerifierKey pinned in new[] { log.Key, second.VerifierKey, third.VerifierKey, fourth.VerifierKey })
        {
            VerificationReport report = await log.VerifyAsync(LogPolicy.Of(pinned));

            Assert.Empty(report.Faults);
            Assert.Equal([0, 101, 302, 303], report.Keys.Select(key => key.Beyond));
            Assert.Equal([log.Key.ToString(), second.ToString(), third.ToString(), fourth.ToString()], report.Keys.Select(key => key.Key.ToString()));
        }
    }

    [Fact]
    public async Task Entries_that_the_log_says_are_not_kept_may_be_missing_and_the_tree_is_proven_all_the_same()
    {
        using MadeLog log = MadeLog.Of(900);
        SignedNote kept = log.Checkpoint;
        log.Cut(512);

        VerificationReport report = await log.VerifyAsync(kept);

        Assert.Empty(report.Faults);
        Assert.Equal((901L, 901L - 512), (report.Size, report.Read));
        Assert.Equal(FindingKind.EntriesCut, Assert.Single(report.Remarks).Kind);
    }

    [Fact]
    public async Task Witnesses_who_cosigned_are_named_and_too_few_are_a_fault()
    {
        using MadeLog log = MadeLog.Of(10);
        using Witness first = new("first.example"), second = new("second.example");
        log.Publish(note => first.Cosign(note, 1_700_000_000));

        VerificationReport one = await log.VerifyAsync(Policy(log, "any", first, second)), both = await log.VerifyAsync(Policy(log, "all", first, second));

        Assert.Empty(one.Faults);
        Assert.Equal(("first.example", 1_700_000_000L), (Assert.Single(one.Witnesses).Key.Name, one.Witnesses[0].CosignedAt));
        Assert.Equal(FindingKind.QuorumMissing, Assert.Single(both.Faults).Kind);
    }

    [Fact]
    public async Task A_log_without_a_checkpoint_and_a_directory_that_is_not_there_are_faults_and_no_exceptions()
    {
        using MadeLog log = new();

        Assert.Equal(FindingKind.CheckpointMissing, Assert.Single((await log.VerifyAsync()).Faults).Kind);
        Assert.Equal(FindingKind.Unreadable, Assert.Single((await new DirectoryVerifier(log.PathOf("nowhere"), LogPolicy.Of(log.Key)).VerifyAsync(CancellationToken.None)).Faults).Kind);
    }

    [Fact]
    public async Task A_policy_without_logs_believes_none()
    {
        using MadeLog log = MadeLog.Of(3);
        Assert.True(LogPolicy.TryParse("quorum none\n"u8, out LogPolicy? policy, out _));

        Assert.Equal(FindingKind.CheckpointUnsigned, Assert.Single((await log.VerifyAsync(policy)).Faults).Kind);
    }

    [Fact]
    public async Task Verifying_can_be_cancelled()
    {
        using MadeLog log = MadeLog.Of(1_300);
        using CancellationTokenSource stop = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DirectoryVerifier(log.Folder, LogPolicy.Of(log.Key)) { Observer = _ => stop.Cancel() }.VerifyAsync(stop.Token));
    }

    private static LogPolicy Policy(MadeLog log, string threshold, params Witness[] witnesses)
    {
        string lines = string.Concat(witnesses.Select((witness, i) => $"witness w{i} {witness.Key}\n"));
        string text = $"log {log.Key}\n{lines}group g {threshold} {string.Join(' ', witnesses.Select((_, i) => $"w{i}"))}\nquorum g\n";
        Assert.True(LogPolicy.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out LogPolicy? policy, out string fault), fault);
        return policy;
    }
}
