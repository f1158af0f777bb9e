using System.Security.Cryptography;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Audit.Store.Journal;
using Spiffe.Agent.Audit.Store.Keys;
using Spiffe.Agent.Audit.Store.Queueing;
using Spiffe.Agent.Audit.Verification;

namespace Spiffe.Agent.Tests.Unit.Audit.Verification;

/// <summary>As a crash leaves it: some entries are published, and others in the journal only.</summary>
public sealed class JournalVerificationTests : IDisposable
{
    private const int Published = 300, Groups = 5, PerGroup = 8;

    private readonly MadeLog _log = MadeLog.Of(Published);
    private readonly string _journal;
    private readonly List<int> _ends = [0];

    public JournalVerificationTests()
    {
        _journal = _log.PathOf($"journal/{Published:d16}");
        Write(_log.Signer);
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Entries_in_the_journal_count_and_are_seen_behind_the_others()
    {
        List<(long Seq, bool IsJournaled, string? Body)> seen = [];

        VerificationReport report = await new DirectoryVerifier(_log.Folder, LogPolicy.Of(_log.Key)) { Observer = entry => seen.Add((entry.Seq, entry.IsJournaled, entry.Body)) }.VerifyAsync(CancellationToken.None);

        Assert.Empty(report.Faults);
        Assert.Equal((300L, 40L, 340L, 40L), (report.Size, report.Journaled, report.Read, report.Bodies));
        Assert.Equal(Enumerable.Range(0, 340).Select(i => ((long)i, i >= Published, i >= Published ? $"words {i}" : null)), seen);
    }

    [Fact]
    public async Task A_torn_end_is_a_remark_and_the_groups_before_it_count()
    {
        File.WriteAllBytes(_journal, File.ReadAllBytes(_journal)[..^10]);

        VerificationReport report = await _log.VerifyAsync();

        Assert.Empty(report.Faults);
        Assert.Equal((FindingKind.JournalTorn, 332L), Assert.Single(report.Remarks.Select(remark => (remark.Kind, remark.Index!.Value))));
        Assert.Equal(32, report.Journaled);
    }

    [Fact]
    public async Task Damage_before_groups_that_are_whole_is_a_fault()
    {
        byte[] bytes = File.ReadAllBytes(_journal);
        bytes[_ends[2] + 60] ^= 1;
        File.WriteAllBytes(_journal, bytes);

        Assert.Equal((FindingKind.JournalMalformed, 316L), Assert.Single((await _log.VerifyAsync()).Faults.Select(found => (found.Kind, found.Index!.Value))));
    }

    [Fact]
    public async Task A_group_of_another_key_is_found_and_so_is_a_hash_put_right_after_a_change()
    {
        byte[] bytes = File.ReadAllBytes(_journal);
        bytes[bytes.AsSpan().LastIndexOf("words 339"u8)] ^= 1;
        SHA256.HashData(bytes.AsSpan(_ends[^2]..^32), bytes.AsSpan(^32..));
        File.WriteAllBytes(_journal, bytes);
        VerificationReport body = await _log.VerifyAsync();
        using NoteSigner thief = MadeLog.NewSigner();
        Write(thief);
        VerificationReport forged = await _log.VerifyAsync();

        Assert.Equal((FindingKind.BodyChanged, 339L), Assert.Single(body.Faults.Select(found => (found.Kind, found.Index!.Value))));
        Finding found = Assert.Single(forged.Faults);
        Assert.Equal((FindingKind.JournalMalformed, "no key of the log has signed it"), (found.Kind, found.Message));
    }

    [Fact]
    public async Task Groups_left_out_are_found_by_those_behind_them()
    {
        byte[] bytes = File.ReadAllBytes(_journal);
        File.WriteAllBytes(_journal, [.. bytes[.._ends[1]], .. bytes[_ends[2]..]]);
        VerificationReport inside = await _log.VerifyAsync();
        File.Delete(_journal);
        File.WriteAllBytes(_log.PathOf($"journal/{Published + PerGroup:d16}"), bytes[_ends[1]..]);
        VerificationReport before = await _log.VerifyAsync();

        Assert.Equal((FindingKind.JournalMalformed, 308L), Assert.Single(inside.Faults.Select(found => (found.Kind, found.Index!.Value))));
        Assert.Equal((FindingKind.JournalMalformed, 300L), Assert.Single(before.Faults.Select(found => (found.Kind, found.Index!.Value))));
    }

    [Fact]
    public async Task A_file_that_was_given_up_ends_where_the_next_begins()
    {
        byte[] bytes = File.ReadAllBytes(_journal);
        File.WriteAllBytes(_journal, bytes[.._ends[3]]);
        File.WriteAllBytes(_log.PathOf($"journal/{Published + (2 * PerGroup):d16}"), bytes[_ends[2]..]);
        File.WriteAllBytes(_log.PathOf("journal/notes"), []);

        VerificationReport report = await _log.VerifyAsync();

        Assert.Empty(report.Faults);
        Assert.Equal(40, report.Journaled);
        Assert.Equal("journal/notes", Assert.Single(report.Remarks).Place);
    }

    /// <summary>Full of beginnings of the longest frames, each of which would have to be hashed.</summary>
    [Fact]
    public async Task A_journal_made_to_be_slow_ends_soon()
    {
        byte[] hostile = new byte[48 << 20];
        for (int at = 0; at < hostile.Length - 20; at += 20)
        {
            "SAJ1"u8.CopyTo(hostile.AsSpan(at));
            hostile[at + 4] = 2; // 32 MiB each.
        }

        File.WriteAllBytes(_journal, hostile);

        Assert.Equal(FindingKind.JournalMalformed, Assert.Single((await _log.VerifyAsync().WaitAsync(TimeSpan.FromMinutes(2))).Faults).Kind);
    }

    private void Write(NoteSigner signer)
    {
        Directory.CreateDirectory(_log.PathOf("journal"));
        _ends.RemoveRange(1, _ends.Count - 1);
        Frontier frontier = new();
        foreach (byte[] entry in _log.Entries) frontier.Append(TreeHasher.Leaf(entry));
        TreeState tree = new(frontier, RecordEntry.HashOf(_log.Entries[^1]));
        using FileStream file = File.Create(_journal);
        LogKeys keys = new(signer, [signer.VerifierKey]); // Not disposed: the signer is the caller's.
        for (int group = 0; group < Groups; group++)
        {
            PendingRecord[] records = [.. Enumerable.Range(Published + (group * PerGroup), PerGroup).Select(i => PendingRecord.Of(new AuditRecord("sample", MadeLog.Begin, new RecordFields().Add("uses", i)) { Body = $"words {i}" }))];
            (CommittedGroup made, tree) = GroupBuilder.Build(records, tree, keys, new FrameArena());
            file.Write(made.Frame);
            _ends.Add((int)file.Position);
        }
    }
}
