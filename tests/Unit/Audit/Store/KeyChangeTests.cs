using System.Text;
using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Audit.Store.Keys;
using Spiffe.Agent.Tests.Unit.Audit.Store.Disks;

namespace Spiffe.Agent.Tests.Unit.Audit.Store;

/// <summary>One key gives way to the next, and vouches for it with its last signature.</summary>
public sealed class KeyChangeTests : IDisposable
{
    private readonly LogFolder _folder = new();
    private readonly Watcher _watcher = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_old_key_signs_last_for_the_entry_that_names_the_new_one_which_signs_all_that_follows()
    {
        NoteVerifierKey old, next;
        byte[] file;
        await using (AuditStore store = _folder.Open(_watcher.Observe))
        {
            old = store.Keys[0];
            file = File.ReadAllBytes(_folder.File("keys/log.key"));
            for (int i = 0; i < 5; i++) store.TryAppend(LogFolder.Record(i));

            await store.RotateKeyAsync();

            next = store.Keys[1];
            Assert.Equal((5L, next.ToString()), await _watcher.WaitForAsync(AuditStoreEventKind.KeyChanged) is { } changed ? (changed.Index, changed.Detail) : default);
            Assert.True(store.Sign("inventory", "text\n"u8).Verify([next]).Accepted);
            Assert.True(store.TryAppend(LogFolder.Record(5)));
        }

        RecordEntry named = _folder.Entries()[5];
        Assert.Equal((RecordTypes.LogKey, next.ToString()), (named.Type, named.Data.GetProperty("key").GetString()));
        Assert.Equal([old.ToString(), next.ToString()], LogFolder.Keys(_folder.Path).Select(key => key.ToString()));
        Assert.Equal((6L, true, false), Signed(Kept().Single(note => SizeOf(note) == 6), old, next));
        Assert.Equal((7L, false, true), Signed(Note(File.ReadAllBytes(_folder.File("checkpoint"))), old, next));
        Assert.NotEqual(file, File.ReadAllBytes(_folder.File("keys/log.key")));
        Assert.False(File.Exists(_folder.File("keys/next.key")));
    }

    [Fact]
    public async Task The_private_key_that_was_is_written_over()
    {
        await using AuditStore store = _folder.Open();
        using FileStream old = new(_folder.File("keys/log.key"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite); // The file itself, whatever its name.
        Assert.Contains("PRIVATE KEY", await new StreamReader(old).ReadToEndAsync(), StringComparison.Ordinal);

        await store.RotateKeyAsync();

        byte[] left = new byte[old.Length];
        old.Position = 0;
        old.ReadExactly(left);
        Assert.All(left, b => Assert.Equal(0, b));
    }

    [Fact]
    public async Task Keys_are_changed_while_many_write_and_nothing_is_lost()
    {
        int records = 0;
        await using (AuditStore store = _folder.Open())
        {
            using CancellationTokenSource stop = new();
            Task writing = Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Assert.True(store.TryAppend(LogFolder.Record(records++)));
                    Assert.True(await store.SettleAsync(CancellationToken.None));
                }
            });
            for (int i = 0; i < 3; i++) await store.RotateKeyAsync();
            await stop.CancelAsync();
            await writing;
        }

        Assert.Equal(Enumerable.Range(0, records), _folder.Numbers());
        Assert.Equal(4, LogFolder.Keys(_folder.Path).Count);
    }

    /// <summary>Every step of a change is the last once: whoever opens the log goes on with the one key or the other, and both files agree.</summary>
    [Fact]
    public async Task A_change_that_was_broken_off_anywhere_is_finished_or_forgotten()
    {
        int finished = 0, forgotten = 0;
        for (int at = 0; ; at++)
        {
            using LogFolder folder = new();
            ScriptedDisk disk = new(folder.Path);
            AuditStore store = AuditStore.Open(folder.Options, TimeProvider.System, null, disk);
            Assert.True(store.TryAppend(LogFolder.Record(0)));
            await store.ProveAsync(0, CancellationToken.None);
            int step = 0;
            bool isHit = false;
            disk.Fault = _ =>
            {
                isHit |= Interlocked.Increment(ref step) > at;
                return isHit ? 5 : 0;
            };
            Task changing = store.RotateKeyAsync();
            ValueTask closing = store.DisposeAsync();
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await changing;
                throw new InvalidOperationException("it came to its end");
            });
            await closing;

            await using (AuditStore again = folder.Open())
            {
                (_, int keys) = (again.TryAppend(LogFolder.Record(1)), again.Keys.Count);
                Assert.True(await again.SettleAsync(CancellationToken.None));
                if (keys == 2) finished++;
                else forgotten++;
                Assert.False(File.Exists(folder.File("keys/next.key")));
                Assert.Equal(keys == 2 ? 1 : 0, LogFolder.Keys(folder.Path).Count - 1);
            }

            IReadOnlyList<RecordEntry> entries = folder.Entries();
            Assert.Equal([0, 1], LogFolder.Numbers(entries));
            Assert.True(Note(File.ReadAllBytes(folder.File("checkpoint"))).Verify([LogFolder.Keys(folder.Path)[^1]]).Accepted);
            if (!isHit) break;
            Assert.True(at < 300, "a change has no end");
        }

        Assert.True(finished > 0 && forgotten > 0, $"{finished} finished, {forgotten} forgotten");
    }

    /// <summary>A key that nobody has heard of is written over and removed. Whoever loses power in between finds zeros, in part or whole, and goes on.</summary>
    [Fact]
    public async Task A_key_of_nobody_that_was_half_destroyed_keeps_no_log_from_opening()
    {
        await using (AuditStore store = _folder.Open()) Assert.True(store.TryAppend(LogFolder.Record(0)));
        string next = _folder.File(KeyFile.Next);
        KeyFile.Make(new LogDisk(_folder.Path), KeyFile.Next, LogFolder.Origin).Dispose();
        byte[] whole = await File.ReadAllBytesAsync(next);
        foreach (byte[] left in (byte[][])[new byte[whole.Length], [.. whole[..60], .. new byte[whole.Length - 60]], [.. new byte[60], .. whole[60..]]])
        {
            await File.WriteAllBytesAsync(next, left);
            await using AuditStore store = _folder.Open();
            Assert.Single(store.Keys);
            Assert.False(File.Exists(next));
        }
    }

    /// <summary>One that the log has named is not passed over, whatever became of its file: it alone may sign what follows.</summary>
    [Fact]
    public async Task A_named_key_whose_file_is_zeros_keeps_the_log_closed()
    {
        ScriptedDisk disk = new(_folder.Path);
        await using (AuditStore store = AuditStore.Open(_folder.Options, TimeProvider.System, null, disk))
        {
            disk.Fault = step => step.Call == Call.Rename && step.To == "log.vkey" ? 5 : 0;
            Task changing = store.RotateKeyAsync();
            await store.DisposeAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => changing);
        }

        Assert.Equal(RecordTypes.LogKey, _folder.Entries()[^1].Type);
        string next = _folder.File(KeyFile.Next);
        await File.WriteAllBytesAsync(next, new byte[new FileInfo(next).Length]);

        AuditStoreException refused = Assert.Throws<AuditStoreException>(() => _folder.Open());
        Assert.Equal(next, refused.Place);
        Assert.True(File.Exists(next));
    }

    private static (long Size, bool IsOld, bool IsNext) Signed(SignedNote note, NoteVerifierKey old, NoteVerifierKey next) => (SizeOf(note), note.Verify([old]).Accepted, note.Verify([next]).Accepted);

    private static long SizeOf(SignedNote note) => Checkpoint.TryParse(note.Text, out Checkpoint? head, out _) ? head.Size : -1;

    private static SignedNote Note(ReadOnlySpan<byte> bytes) => SignedNote.TryParse(bytes, out SignedNote? note, out string fault) ? note : throw new FormatException(fault);

    private IEnumerable<SignedNote> Kept()
    {
        string[] parts = File.ReadAllText(_folder.File("checkpoints"), Encoding.UTF8).Split("\n\n");
        for (int i = 0; i + 1 < parts.Length; i += 2) yield return Note(Encoding.UTF8.GetBytes($"{parts[i]}\n\n{parts[i + 1]}\n"));
    }
}
