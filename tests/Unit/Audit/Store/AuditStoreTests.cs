using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Proofs;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Tests.Unit.Audit.Store;

/// <summary>A log that is written, closed and opened again.</summary>
public sealed class AuditStoreTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_written_is_published_in_the_order_of_its_places()
    {
        await using (AuditStore store = _folder.Open())
        {
            for (int i = 0; i < 600; i++) Assert.True(store.TryAppend(LogFolder.Record(i)));
            Assert.True(await store.SettleAsync(CancellationToken.None));
            Assert.Equal((600L, 0, ""), (store.Health.Size, store.Health.Waiting, store.Health.Fault));
        }

        Assert.Equal(Enumerable.Range(0, 600), _folder.Numbers());
        Assert.Empty(Directory.EnumerateFiles(_folder.File("journal")));
        Assert.Empty(Directory.EnumerateFiles(_folder.File("pending")));
    }

    [Fact]
    public async Task A_log_goes_on_where_it_was_and_says_that_it_was_opened_again()
    {
        for (int run = 0; run < 3; run++)
        {
            await using AuditStore store = _folder.Open();
            for (int i = 0; i < 200; i++) Assert.True(store.TryAppend(LogFolder.Record((run * 200) + i)));
        }

        Assert.Equal(Enumerable.Range(0, 600), _folder.Numbers());
        Assert.Equal([200L, 401L], _folder.Entries().Where(entry => entry.Type == RecordTypes.LogOpened).Select(entry => entry.Seq));
    }

    [Fact]
    public async Task A_receipt_is_given_when_the_entry_is_published_and_verifies()
    {
        await using AuditStore store = _folder.Open();
        for (int i = 0; i < 10; i++) store.TryAppend(LogFolder.Record(i));

        LogProof proof = await store.ProveAsync(4, CancellationToken.None);

        ReadOnlyMemory<byte> entry = new TileReader(_folder.Path, _folder.Head().Size).Entries(0)[4];
        Assert.True(proof.Verify(entry.Span, store.Keys[0], []).Accepted);
        Assert.False(proof.Verify("other"u8, store.Keys[0], []).Accepted);
    }

    [Fact]
    public async Task Texts_are_kept_beside_the_log_and_can_be_erased_for_good()
    {
        await using AuditStore store = _folder.Open();
        store.TryAppend(LogFolder.Record(0, "the secret plan"));
        store.TryAppend(LogFolder.Record(1, "another"));
        await store.ProveAsync(1, CancellationToken.None);
        string[] digests = [.. _folder.Entries().Select(entry => entry.Data.GetProperty("body").GetString()!)];
        Assert.Equal("the secret plan", new BodyStore(_folder.Path).Read(0, digests[0]));

        Assert.True(await store.EraseBodyAsync(0, CancellationToken.None));

        Assert.Null(new BodyStore(_folder.Path).Read(0, digests[0]));
        Assert.Equal("another", new BodyStore(_folder.Path).Read(1, digests[1]));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(file => file != _folder.File("lock")), file => File.ReadAllText(file).Contains("secret plan", StringComparison.Ordinal));
        Assert.Equal(2, _folder.Entries().Count);
    }

    [Fact]
    public async Task A_signed_statement_is_the_logs_and_never_a_checkpoint()
    {
        await using AuditStore store = _folder.Open();
        string forged = $"{LogFolder.Origin}\n999\n{Spiffe.Agent.Audit.Merkle.TreeHasher.Empty}\n";

        SignedNote note = store.Sign("inventory", System.Text.Encoding.UTF8.GetBytes(forged));

        Assert.True(note.Verify([store.Keys[0]]).Accepted);
        Assert.False(Checkpoint.TryParse(note.Text, out Checkpoint? head, out _) && head.Origin == LogFolder.Origin);
        Assert.Throws<ArgumentException>(() => store.Sign("a\nb", "text\n"u8));
        Assert.Throws<ArgumentException>(() => store.Sign("inventory", "no newline"u8));
    }

    [Fact]
    public async Task Nothing_that_is_not_a_record_gets_a_place()
    {
        await using AuditStore store = _folder.Open();

        Assert.Throws<ArgumentException>(() => store.TryAppend(LogFolder.Record(0) with { Type = "Not a name" }));
        Assert.Throws<ArgumentException>(() => store.TryAppend(LogFolder.Record(0, new string('x', Commitment.MaxTextLength + 1))));
        Assert.Throws<ArgumentException>(() => store.TryAppend(LogFolder.Record(0) with { Data = new RecordFields().Add("text", new string('x', RecordEntry.MaxLength)) }));
        Assert.Throws<ArgumentException>(() => store.TryAppend(LogFolder.Record(0, "text") with { Data = new RecordFields().Add("body", "forged") }));
        Assert.True(await store.SettleAsync(CancellationToken.None));
        Assert.Equal(0, store.Health.Size);
    }
}
