using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Tests.Unit.Audit.Store.Disks;

namespace Spiffe.Agent.Tests.Unit.Audit.Store;

/// <summary>What the store writes, the verifier accepts, who shares none of its code for writing.</summary>
public sealed class VerifiedStoreTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_log_that_was_opened_several_times_whose_key_was_changed_and_of_which_texts_were_erased_is_intact()
    {
        NoteVerifierKey pinned;
        await using (AuditStore store = _folder.Open())
        {
            pinned = store.Keys[0];
            await KeepAsync(store, 0, 300);
            await store.RotateKeyAsync();
            await KeepAsync(store, 300, 300);
        }

        await using (AuditStore again = _folder.Open())
        {
            Assert.True(await again.EraseBodyAsync(10, CancellationToken.None));
            await again.RotateKeyAsync();
            await KeepAsync(again, 600, 10);
        }

        VerificationReport report = await VerifyAsync(pinned);

        Assert.Empty(report.Faults);
        Assert.Equal((613L, 3, 1L), (report.Size, report.Keys.Length, report.Erased));
    }

    [Fact]
    public async Task A_log_that_was_left_in_the_middle_is_intact()
    {
        ScriptedDisk disk = new(_folder.Path);
        NoteVerifierKey pinned;
        await using (AuditStore store = AuditStore.Open(_folder.Options, TimeProvider.System, null, disk))
        {
            pinned = store.Keys[0];
            await KeepAsync(store, 0, 20);
            disk.Fault = static step => step.To.StartsWith("tile", StringComparison.Ordinal) ? 5 : 0;
            for (int i = 20; i < 40; i++) Assert.True(store.TryAppend(LogFolder.Record(i, isOwed: true)));
            Assert.True(await store.SettleAsync(CancellationToken.None));
        }

        VerificationReport report = await VerifyAsync(pinned);

        Assert.Empty(report.Faults);
        Assert.Equal(20, report.Size);
    }

    private static async Task KeepAsync(AuditStore store, int from, int count)
    {
        for (int i = from; i < from + count; i++) Assert.True(store.TryAppend(LogFolder.Record(i, i % 10 == 0 ? "text" : null)));
        Assert.True(await store.SettleAsync(CancellationToken.None));
        await store.ProveAsync(store.Health.Size - 1, CancellationToken.None);
    }

    private Task<VerificationReport> VerifyAsync(NoteVerifierKey pinned) => new DirectoryVerifier(_folder.Path, LogPolicy.Of(pinned)).VerifyAsync(CancellationToken.None);
}
