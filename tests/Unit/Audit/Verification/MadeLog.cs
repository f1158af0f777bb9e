using System.Globalization;
using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Unit.Audit.Verification;

/// <summary>A log in a directory, laid out as docs/audit.md says, by a writer of few lines that knows nothing of crashes.</summary>
internal sealed class MadeLog : IDisposable
{
    public const string Origin = "log.example.org";

    public static readonly DateTimeOffset Begin = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private readonly List<NoteSigner> _signers = [];
    private readonly List<byte[]> _entries = [];
    private readonly TileWriter _tiles;
    private TreeHash _previous = RecordEntry.None;

    public MadeLog(string? directory = null, NoteSigner? signer = null)
    {
        Folder = directory ?? NewFolder();
        _signers.Add(signer ?? NewSigner());
        _tiles = new TileWriter(Folder, 0);
        WriteKeys();
    }

    public string Folder { get; }

    public NoteSigner Signer => _signers[^1];

    public NoteVerifierKey Key => _signers[0].VerifierKey;

    public IReadOnlyList<byte[]> Entries => _entries;

    public long Size => _tiles.Size;

    /// <summary>In memory where there is such a place: a log is many files, each made safe on the disk.</summary>
    public static string NewFolder() =>
        Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"made-log-{Guid.NewGuid():n}")).FullName;

    public static NoteSigner NewSigner()
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        return new NoteSigner(Origin, seed);
    }

    /// <summary>A log of so many entries, published now and then.</summary>
    public static MadeLog Of(int size, string? directory = null, NoteSigner? signer = null, string mark = "")
    {
        MadeLog log = new(directory, signer);
        foreach (int head in new[] { 1, 3, 100, 256, 300, 511, 700, 1_000, size }.Where(head => head <= size).Distinct())
        {
            while (log.Size < head) log.Add(mark);
            log.Publish();
        }

        return log;
    }

    public void Add(string mark = "") => Add("sample", new RecordFields().Add("task", $"t{Size / 7}").Add("credential", $"{mark}{Size}").Add("audience", "a database \u2713").Add("uses", Size));

    public void Add(string type, RecordFields data)
    {
        byte[] entry = RecordEntry.Write(Size, _previous, type, Begin.AddSeconds(Size), data);
        AddRaw(entry);
    }

    /// <summary>Whatever the bytes are: a log that was not written by ours.</summary>
    public void AddRaw(byte[] entry)
    {
        _entries.Add(entry);
        _tiles.Append(entry);
        _previous = RecordEntry.HashOf(entry);
    }

    /// <summary>Another key follows: named by the last entry that the older one signs for.</summary>
    public NoteSigner ChangeKey(bool isVouched = true)
    {
        NoteSigner next = NewSigner();
        Add(RecordTypes.LogKey, new RecordFields().Add("key", next.VerifierKey.ToString()));
        if (isVouched) Publish();
        _signers.Add(next);
        WriteKeys();
        return next;
    }

    /// <summary>Entries below an index go, in whole bundles.</summary>
    public void Cut(long below, bool isSaid = true)
    {
        if (isSaid) Add(RecordTypes.LogCut, new RecordFields().Add("below", below));
        Publish();
        for (long bundle = 0; (bundle + 1) * TilePath.Width <= below; bundle++)
        {
            File.Delete(PathOf(TilePath.Entries(bundle)));
            if (Directory.Exists(PathOf(TilePath.Entries(bundle) + ".p"))) Directory.Delete(PathOf(TilePath.Entries(bundle) + ".p"), recursive: true);
        }
    }

    public SignedNote Publish(Func<SignedNote, SignedNote>? cosign = null)
    {
        _tiles.Publish();
        SignedNote note = Signer.Sign(new Checkpoint(Origin, Size, _tiles.Root).ToText());
        if (cosign is not null) note = cosign(note);
        File.WriteAllBytes(PathOf(TilePath.Checkpoint), note.ToArray());
        File.AppendAllText(PathOf("checkpoints"), Encoding.UTF8.GetString(note.ToArray()) + "\n");
        return note;
    }

    public SignedNote Checkpoint => ReadNote(PathOf(TilePath.Checkpoint));

    public static SignedNote ReadNote(string path)
    {
        Assert.True(SignedNote.TryParse(File.ReadAllBytes(path), out SignedNote? note, out string fault), fault);
        return note;
    }

    public string PathOf(string path) => Path.Combine(Folder, path);

    public Task<VerificationReport> VerifyAsync(params SignedNote[] kept) => VerifyAsync(LogPolicy.Of(Key), kept);

    public Task<VerificationReport> VerifyAsync(LogPolicy policy, params SignedNote[] kept) => new DirectoryVerifier(Folder, policy) { Kept = kept }.VerifyAsync(CancellationToken.None);

    public void Dispose()
    {
        foreach (NoteSigner signer in _signers) signer.Dispose();
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    private void WriteKeys() => File.WriteAllText(PathOf("log.vkey"), string.Concat(_signers.Select(signer => string.Create(CultureInfo.InvariantCulture, $"{signer.VerifierKey}\n"))));
}
