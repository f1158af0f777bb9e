using System.Text;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Tests.Unit.Audit.Notes;

namespace Spiffe.Agent.Tests.Unit.Audit.Verification;

/// <summary>What the daemon's own writer leaves, while it runs and after it ended.</summary>
public sealed class StoreVerificationTests : IDisposable
{
    private readonly string _folder = MadeLog.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_log_of_the_store_is_intact_with_its_bodies_its_keys_and_its_journal()
    {
        NoteVerifierKey first;
        await using (AuditStore store = Open())
        {
            first = store.Keys[0];
            await FillAsync(store, 600);
            await store.RotateKeyAsync();
            await FillAsync(store, 100);

            VerificationReport running = await VerifyAsync(first);
            Assert.Empty(running.Faults);
        }

        List<string> bodies = [];
        VerificationReport report = await new DirectoryVerifier(_folder, LogPolicy.Of(first)) { Observer = entry => bodies.Add(entry.Body ?? "") }.VerifyAsync(CancellationToken.None);

        Assert.Empty(report.Faults);
        Assert.Equal((701L, 701L, 701L), (report.Size, report.Read, (long)bodies.Count));
        Assert.Equal(700, report.Bodies);
        Assert.Contains("words 5 \u2713", bodies);
        Assert.Equal([0L, 601L], report.Keys.Select(key => key.Beyond));
    }

    [Fact]
    public async Task Erased_bodies_are_counted_and_changed_ones_are_found()
    {
        NoteVerifierKey key;
        await using (AuditStore store = Open())
        {
            key = store.Keys[0];
            await FillAsync(store, 300);
            await store.ProveAsync(299, CancellationToken.None);
            Assert.True(await store.EraseBodyAsync(7, CancellationToken.None));
        }

        VerificationReport erased = await VerifyAsync(key);
        Flip("bodies/001", -1);
        VerificationReport changed = await VerifyAsync(key);

        Assert.Empty(erased.Faults);
        Assert.Equal((1L, 299L), (erased.Erased, erased.Bodies));
        Assert.Equal((FindingKind.BodyChanged, "bodies/001", 299L), Assert.Single(changed.Faults.Select(found => (found.Kind, found.Place, found.Index!.Value))));
    }

    [Fact]
    public async Task An_older_head_that_enough_witnesses_cosigned_will_do_and_the_rest_is_a_remark()
    {
        using Witness witness = new("witness.example");
        NoteVerifierKey key;
        await using (AuditStore store = Open())
        {
            key = store.Keys[0];
            await FillAsync(store, 10);
            await store.ProveAsync(9, CancellationToken.None);
            File.WriteAllBytes(Path.Combine(_folder, "witnessed"), witness.Cosign(store.Head, 5).ToArray());
            await FillAsync(store, 10);
        }

        Assert.True(LogPolicy.TryParse(Encoding.UTF8.GetBytes($"log {key}\nwitness w {witness.Key}\nquorum w\n"), out LogPolicy? policy, out _));
        VerificationReport report = await new DirectoryVerifier(_folder, policy).VerifyAsync(CancellationToken.None);
        File.Delete(Path.Combine(_folder, "witnessed"));
        VerificationReport without = await new DirectoryVerifier(_folder, policy).VerifyAsync(CancellationToken.None);

        Assert.Empty(report.Faults);
        Assert.Equal(FindingKind.Unwitnessed, Assert.Single(report.Remarks).Kind);
        Assert.Equal("witness.example", Assert.Single(report.Witnesses).Key.Name);
        Assert.Equal(FindingKind.QuorumMissing, Assert.Single(without.Faults).Kind);
    }

    private AuditStore Open() => AuditStore.Open(new AuditStoreOptions { Directory = _folder, Origin = MadeLog.Origin }, TimeProvider.System);

    private static async Task FillAsync(AuditStore store, int count)
    {
        for (int i = 0; i < count; i++) Assert.True(store.TryAppend(new AuditRecord(RecordTypes.TaskUsed, MadeLog.Begin.AddSeconds(i), new RecordFields().Add("uses", i)) { Body = $"words {i} \u2713" }));
        Assert.True(await store.SettleAsync(CancellationToken.None));
    }

    private Task<VerificationReport> VerifyAsync(NoteVerifierKey key) => new DirectoryVerifier(_folder, LogPolicy.Of(key)).VerifyAsync(CancellationToken.None);

    private void Flip(string path, int at)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(_folder, path));
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        File.WriteAllBytes(Path.Combine(_folder, path), bytes);
    }
}
