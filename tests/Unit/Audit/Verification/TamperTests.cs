using System.Buffers.Binary;
using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Tests.Unit.Audit.Notes;

namespace Spiffe.Agent.Tests.Unit.Audit.Verification;

/// <summary>Logs that somebody changed: what was done is found, and named with its place.</summary>
public sealed class TamperTests : IDisposable
{
    private const string Bundle = "tile/entries/001", Edge = "tile/entries/002.p/188", Tile = "tile/0/001", EdgeTile = "tile/0/002.p/188", UpperTile = "tile/1/000.p/2";

    private readonly MadeLog _log = MadeLog.Of(700);

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Untouched_it_is_intact() => Assert.Empty((await _log.VerifyAsync()).Faults);

    [Theory]
    [InlineData(Bundle)]
    [InlineData(Edge)]
    public async Task A_letter_changed_in_an_entry_is_found_at_that_entry_and_nowhere_else(string path)
    {
        byte[] bytes = Read(path);
        int entry = bytes.AsSpan().IndexOf("\"credential\":\""u8);
        bytes[entry + 14] ^= 1; // Another digit.
        Write(path, bytes);

        Finding found = Assert.Single((await _log.VerifyAsync()).Faults);

        Assert.Equal((FindingKind.EntryChanged, path), (found.Kind, found.Place));
        Assert.Equal(path == Bundle ? 256 : 512, found.Index);
    }

    [Fact]
    public async Task A_byte_that_makes_an_entry_no_JSON_is_found_at_that_entry()
    {
        byte[] bytes = Read(Bundle);
        bytes[2] = (byte)'[';
        Write(Bundle, bytes);

        Finding found = Assert.Single((await _log.VerifyAsync()).Faults);

        Assert.Equal((FindingKind.EntryMalformed, Bundle, 256L), (found.Kind, found.Place, found.Index));
    }

    [Theory]
    [InlineData(Tile, 256 + 3)]
    [InlineData(EdgeTile, 512 + 3)]
    [InlineData(UpperTile, null)]
    public async Task A_bit_changed_in_a_tile_is_found_in_that_tile_and_the_entries_are_not_blamed(string path, int? index)
    {
        byte[] bytes = Read(path);
        bytes[path == UpperTile ? 40 : (3 * TreeHash.Length) + 5] ^= 0x10;
        Write(path, bytes);

        Finding found = Assert.Single((await _log.VerifyAsync()).Faults);

        Assert.Equal((FindingKind.TileChanged, path, (long?)index), (found.Kind, found.Place, found.Index));
    }

    [Fact]
    public async Task A_bit_changed_in_a_partial_tile_of_an_earlier_size_is_found_too()
    {
        using MadeLog log = MadeLog.Of(620);
        for (int i = 0; i < 20; i++) log.Add();
        log.Publish();
        Assert.Empty((await log.VerifyAsync()).Faults);
        Flip(log, "tile/0/002.p/108", 77);
        Flip(log, "tile/entries/002.p/108", 77);

        VerificationReport report = await log.VerifyAsync();

        Assert.Equal([(FindingKind.TileChanged, "tile/0/002.p/108"), (FindingKind.EntryChanged, "tile/entries/002.p/108")], report.Faults.Select(f => (f.Kind, f.Place)).Order());
    }

    [Theory]
    [InlineData(3, FindingKind.CheckpointUnsigned)] // In the name.
    [InlineData(17, FindingKind.CheckpointUnsigned)] // In the size.
    [InlineData(30, FindingKind.CheckpointUnsigned)] // In the root.
    [InlineData(-20, FindingKind.CheckpointUnsigned)] // In the signature.
    public async Task A_letter_changed_in_the_checkpoint_is_found(int at, FindingKind kind)
    {
        byte[] bytes = Read("checkpoint");
        int place = at < 0 ? bytes.Length + at : at;
        bytes[place] = bytes[place] == (byte)'1' ? (byte)'2' : (byte)'1';
        Write("checkpoint", bytes);

        VerificationReport report = await _log.VerifyAsync();

        Assert.Contains(report.Faults, found => found.Kind == kind && found.Place == "checkpoint");
    }

    [Fact]
    public async Task A_root_changed_in_the_history_is_found_with_the_size_of_its_head()
    {
        string text = File.ReadAllText(_log.PathOf("checkpoints"));
        int at = text.IndexOf("\n300\n", StringComparison.Ordinal) + 8;
        File.WriteAllText(_log.PathOf("checkpoints"), text[..at] + (text[at] == 'a' ? 'b' : 'a') + text[(at + 1)..]);

        Finding found = Assert.Single((await _log.VerifyAsync()).Faults);

        Assert.Equal((FindingKind.HistoryUnsigned, "checkpoints", 300L), (found.Kind, found.Place, found.Index));
    }

    [Fact]
    public async Task An_entry_left_out_of_a_bundle_is_found_where_it_was()
    {
        List<byte[]> entries = Split(Read(Bundle));
        entries.RemoveAt(10);
        Write(Bundle, Join(entries));

        VerificationReport report = await _log.VerifyAsync();

        Assert.Contains(report.Faults, found => found is { Kind: FindingKind.EntryMisplaced, Place: Bundle, Index: 266 });
        Assert.Contains(report.Faults, found => found is { Kind: FindingKind.BundleMalformed, Place: Bundle });
        Assert.Equal(2, report.FaultCount);
    }

    [Fact]
    public async Task Two_entries_that_changed_places_are_both_found()
    {
        List<byte[]> entries = Split(Read(Bundle));
        (entries[10], entries[20]) = (entries[20], entries[10]);
        Write(Bundle, Join(entries));

        VerificationReport report = await _log.VerifyAsync();

        Assert.Equal([(FindingKind.EntryMisplaced, 266L), (FindingKind.EntryMisplaced, 276L)], report.Faults.Select(f => (f.Kind, f.Index!.Value)));
    }

    [Fact]
    public async Task An_old_entry_put_behind_the_last_one_again_is_found()
    {
        List<byte[]> entries = Split(Read(Edge));
        Write(Edge, Join([.. entries, entries[5]]));

        Finding found = Assert.Single((await _log.VerifyAsync()).Faults);

        Assert.Equal((FindingKind.BundleMalformed, Edge), (found.Kind, found.Place));
    }

    [Fact]
    public async Task An_old_bundle_in_the_place_of_a_newer_one_is_found()
    {
        Write(Bundle, Read("tile/entries/000"));

        Finding found = Assert.Single((await _log.VerifyAsync()).Faults);

        Assert.Equal((FindingKind.EntryMisplaced, Bundle, 256L), (found.Kind, found.Place, found.Index));
    }

    [Fact]
    public async Task A_bundle_cut_short_is_found_where_it_ends()
    {
        byte[] bytes = Read(Bundle);
        Write(Bundle, bytes[..(bytes.Length / 2)]);

        Finding found = Assert.Single((await _log.VerifyAsync()).Faults);

        Assert.Equal((FindingKind.BundleMalformed, Bundle), (found.Kind, found.Place));
        Assert.InRange(found.Index!.Value, 256 + 100, 256 + 155);
    }

    [Theory]
    [InlineData(Bundle, FindingKind.EntriesMissing)]
    [InlineData(Edge, FindingKind.EntriesMissing)]
    [InlineData(Tile, FindingKind.TileMissing)]
    [InlineData(EdgeTile, FindingKind.TileMissing)]
    [InlineData(UpperTile, FindingKind.TileMissing)]
    [InlineData("checkpoint", FindingKind.CheckpointMissing)]
    [InlineData("log.vkey", FindingKind.KeysMalformed)]
    public async Task A_file_that_is_gone_is_found_by_its_name(string path, FindingKind kind)
    {
        File.Delete(_log.PathOf(path));

        Finding found = Assert.Single((await _log.VerifyAsync()).Faults);

        Assert.Equal((kind, path), (found.Kind, found.Place));
    }

    [Fact]
    public async Task A_bundle_and_its_tile_that_are_gone_are_both_found_and_the_rest_is_still_looked_at()
    {
        File.Delete(_log.PathOf(Bundle));
        File.Delete(_log.PathOf(Tile));
        List<long> seen = [];

        VerificationReport report = await new DirectoryVerifier(_log.Folder, LogPolicy.Of(_log.Key)) { Observer = entry => seen.Add(entry.Seq) }.VerifyAsync(CancellationToken.None);

        Assert.Equal([FindingKind.TileMissing, FindingKind.EntriesMissing], report.Faults.Select(f => f.Kind).Order());
        Assert.Equal([.. Enumerable.Range(0, 256), .. Enumerable.Range(512, 188)], seen.Select(seq => (int)seq));
    }

    [Fact]
    public async Task Entries_cut_away_without_a_word_in_the_log_are_found_and_so_are_those_beyond_what_it_says()
    {
        using MadeLog silent = MadeLog.Of(700), other = MadeLog.Of(900);
        silent.Cut(512, isSaid: false);
        other.Cut(256);
        File.Delete(other.PathOf("tile/entries/001"));

        Finding first = Assert.Single((await silent.VerifyAsync()).Faults), second = Assert.Single((await other.VerifyAsync()).Faults);

        Assert.Equal((FindingKind.EntriesMissing, 0L), (first.Kind, first.Index));
        Assert.Equal((FindingKind.EntriesMissing, 256L), (second.Kind, second.Index));
    }

    /// <summary>The whole state of an earlier day, genuine to the last byte: only who kept a later head can know.</summary>
    [Fact]
    public async Task A_rollback_to_an_older_genuine_state_is_found_by_a_head_that_somebody_kept()
    {
        string older = MadeLog.NewFolder();
        try
        {
            Copy(_log.Folder, older);
            for (int i = 0; i < 50; i++) _log.Add();
            SignedNote kept = _log.Publish();
            DirectoryVerifier naive = new(older, LogPolicy.Of(_log.Key)), knowing = new(older, LogPolicy.Of(_log.Key)) { Kept = [kept] };

            Assert.Empty((await naive.VerifyAsync(CancellationToken.None)).Faults);
            Finding found = Assert.Single((await knowing.VerifyAsync(CancellationToken.None)).Faults);

            Assert.Equal((FindingKind.Rollback, 750L), (found.Kind, found.Index));
        }
        finally
        {
            Directory.Delete(older, recursive: true);
        }
    }

    [Fact]
    public async Task A_checkpoint_put_back_while_tiles_and_history_stay_is_found_in_both()
    {
        byte[] checkpoint = Read("checkpoint");
        for (int i = 0; i < 100; i++) _log.Add();
        _log.Publish();
        Write("checkpoint", checkpoint);

        VerificationReport report = await _log.VerifyAsync();

        Assert.Contains(report.Faults, found => found is { Kind: FindingKind.Rollback, Place: "checkpoints", Index: 800 });
        Assert.Contains(report.Faults, found => found is { Kind: FindingKind.BeyondHead, Place: "tile/0/002" });
    }

    [Fact]
    public async Task A_rollback_is_refused_by_a_policy_whose_witness_cosigned_the_later_head_only()
    {
        using Witness witness = new("witness.example");
        string policyText = $"log {_log.Key}\nwitness w {witness.Key}\nquorum w\n";
        Assert.True(LogPolicy.TryParse(Encoding.UTF8.GetBytes(policyText), out LogPolicy? policy, out _));

        Assert.Equal(FindingKind.QuorumMissing, Assert.Single((await _log.VerifyAsync(policy)).Faults).Kind);
        _log.Publish(note => witness.Cosign(note, 1));
        Assert.Empty((await _log.VerifyAsync(policy)).Faults);
    }

    /// <summary>A second history under the same key: each is intact by itself.</summary>
    [Fact]
    public async Task A_fork_is_found_by_a_head_of_the_other_history()
    {
        using MadeLog other = MadeLog.Of(400, signer: _log.Signer, mark: "another");

        Assert.Empty((await other.VerifyAsync()).Faults);
        Finding found = Assert.Single((await _log.VerifyAsync(other.Checkpoint)).Faults);

        Assert.Equal((FindingKind.Fork, 400L), (found.Kind, found.Index));
    }

    [Fact]
    public async Task A_kept_head_that_another_key_signed_proves_nothing_and_is_said()
    {
        using MadeLog other = MadeLog.Of(400);

        Finding found = Assert.Single((await _log.VerifyAsync(other.Checkpoint)).Faults);

        Assert.Equal(FindingKind.KeptRefused, found.Kind);
    }

    /// <summary>Everything that needs no key done right: entry, chain, tiles up to the root. What is left is the signature.</summary>
    [Fact]
    public async Task An_entry_put_in_with_the_chain_and_the_tree_recomputed_is_found_by_the_root_and_by_every_older_head_behind_it()
    {
        byte[] checkpoint = Read("checkpoint"), history = Read("checkpoints");
        using NoteSigner thief = MadeLog.NewSigner();
        Recompute(_log, thief, insertAt: 350);
        Write("checkpoint", checkpoint);
        Write("checkpoints", history);

        VerificationReport report = await _log.VerifyAsync();

        Assert.True(Naive.ChainHolds(_log.Folder));
        Assert.Contains(report.Faults, found => found is { Kind: FindingKind.RootMismatch, Place: "checkpoint", Index: 700 });
        Assert.Equal([511L, 700L], report.Faults.Where(found => found.Kind == FindingKind.HistoryMismatch).Select(found => found.Index!.Value));
    }

    [Fact]
    public async Task A_whole_tree_recomputed_under_another_key_is_found_by_the_key()
    {
        using NoteSigner thief = MadeLog.NewSigner();
        Recompute(_log, thief, insertAt: 350);

        VerificationReport report = await _log.VerifyAsync();

        Assert.True(Naive.ChainHolds(_log.Folder));
        Assert.Empty((await _log.VerifyAsync(LogPolicy.Of(thief.VerifierKey))).Faults); // Whoever takes the directory's own key for granted is deceived.
        Assert.Contains(report.Faults, found => found is { Kind: FindingKind.CheckpointUnsigned, Place: "checkpoint" });
        Assert.Contains(report.Faults, found => found is { Kind: FindingKind.KeysDiffer, Place: "log.vkey" });
    }

    [Fact]
    public async Task A_chain_alone_does_not_notice_that_the_end_is_missing()
    {
        List<byte[]> entries = Split(Read(Edge));
        entries.RemoveRange(100, 88);
        Write(Edge, Join(entries));

        Assert.True(Naive.ChainHolds(_log.Folder));
        Assert.Contains((await _log.VerifyAsync()).Faults, found => found is { Kind: FindingKind.BundleMalformed, Place: Edge, Index: 612 });
    }

    [Fact]
    public async Task A_key_that_follows_without_the_signature_of_the_one_before_is_found()
    {
        using MadeLog log = MadeLog.Of(100);
        NoteSigner thief = log.ChangeKey(isVouched: false);
        log.Add();
        log.Publish();

        Finding found = Assert.Single((await log.VerifyAsync()).Faults);

        Assert.Equal((FindingKind.KeyNotVouched, 100L), (found.Kind, found.Index));
        Assert.Empty((await log.VerifyAsync(LogPolicy.Of(thief.VerifierKey))).Faults);
    }

    [Fact]
    public async Task A_key_in_the_list_that_no_entry_names_is_found()
    {
        using NoteSigner thief = MadeLog.NewSigner();
        File.AppendAllText(_log.PathOf("log.vkey"), $"{thief.VerifierKey}\n");
        File.WriteAllBytes(_log.PathOf("checkpoint"), thief.Sign(_log.Checkpoint.Text).ToArray());

        VerificationReport report = await _log.VerifyAsync();

        Assert.Contains(report.Faults, found => found.Kind == FindingKind.KeysDiffer);
        Assert.Contains(report.Faults, found => found.Kind == FindingKind.KeyNotVouched);
    }

    [Fact]
    public async Task A_head_that_a_former_key_signs_later_on_is_found()
    {
        using MadeLog log = MadeLog.Of(100);
        NoteSigner former = log.Signer;
        log.ChangeKey();
        log.Add();
        log.Publish();
        File.WriteAllBytes(log.PathOf("checkpoint"), former.Sign(log.Checkpoint.Text).ToArray());

        Finding found = Assert.Single((await log.VerifyAsync()).Faults);

        Assert.Equal((FindingKind.CheckpointUnsigned, "checkpoint"), (found.Kind, found.Place));
    }

    [Fact]
    public async Task Chain_and_seq_are_held_against_the_tree_also_where_the_log_itself_signed_nonsense()
    {
        using MadeLog log = MadeLog.Of(3);
        log.AddRaw(RecordEntry.Write(3, RecordEntry.None, "sample", MadeLog.Begin, new RecordFields()));
        log.AddRaw(RecordEntry.Write(9, RecordEntry.None, "sample", MadeLog.Begin, new RecordFields()));
        log.AddRaw([.. "{ }"u8]);
        log.Publish();

        VerificationReport report = await log.VerifyAsync();

        Assert.Equal([(FindingKind.ChainBroken, 3L), (FindingKind.EntryMisplaced, 4L), (FindingKind.EntryMalformed, 5L)], report.Faults.Select(f => (f.Kind, f.Index!.Value)));
    }

    [Fact]
    public async Task Many_faults_are_counted_and_the_first_hundred_kept()
    {
        using MadeLog log = MadeLog.Of(3);
        for (int i = 0; i < 300; i++) log.AddRaw([.. "nonsense"u8]);
        log.Publish();

        VerificationReport report = await log.VerifyAsync();

        Assert.Equal((300, 100), (report.FaultCount, report.Faults.Length));
    }

    private static void Recompute(MadeLog log, NoteSigner signer, int insertAt)
    {
        RecordEntry[] entries = [.. log.Entries.Select(bytes => RecordEntry.TryRead(bytes, out RecordEntry? entry, out _) ? entry : throw new InvalidOperationException())];
        Directory.Delete(log.Folder, recursive: true);
        Directory.CreateDirectory(log.Folder);
        MadeLog forged = new(log.Folder, signer);
        for (int i = 0; i < entries.Length - 1; i++)
        {
            if (i == insertAt) forged.Add("planted");
            forged.Add("sample", Fields(entries[i]));
            if (forged.Size is 1 or 3 or 100 or 256 or 300 or 511 or 700) forged.Publish();
        }
    }

    private static RecordFields Fields(RecordEntry entry) => new RecordFields().Add("task", entry.Data.GetProperty("task").GetString())
        .Add("credential", entry.Data.GetProperty("credential").GetString()).Add("audience", entry.Data.GetProperty("audience").GetString()).Add("uses", entry.Data.GetProperty("uses").GetInt64());

    private static List<byte[]> Split(ReadOnlyMemory<byte> bundle)
    {
        List<byte[]> entries = [];
        while (EntryBundle.TryTake(ref bundle, out ReadOnlyMemory<byte> entry)) entries.Add(entry.ToArray());
        return entries;
    }

    private static byte[] Join(IEnumerable<byte[]> entries) => [.. entries.SelectMany(entry =>
    {
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)entry.Length);
        return length.Concat(entry);
    })];

    private static void Copy(string from, string to)
    {
        foreach (string directory in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories)) Directory.CreateDirectory(to + directory[from.Length..]);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories)) File.Copy(file, to + file[from.Length..]);
    }

    private static void Flip(MadeLog log, string path, int at)
    {
        byte[] bytes = File.ReadAllBytes(log.PathOf(path));
        bytes[at] ^= 1;
        File.WriteAllBytes(log.PathOf(path), bytes);
    }

    private byte[] Read(string path) => File.ReadAllBytes(_log.PathOf(path));

    private void Write(string path, byte[] bytes) => File.WriteAllBytes(_log.PathOf(path), bytes);
}
