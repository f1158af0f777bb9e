using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Proofs;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Interop.Audit;

/// <summary>A log that the daemon's store wrote, its checkpoint cosigned by a witness, and some receipts.</summary>
public sealed class StoredLog : IAsyncLifetime
{
    public const int Witnessed = 333;

    private const string Origin = "example.org/audit";
    private const int Size = 700;
    private const long CosignedAt = 1_795_000_000;

    private readonly string _root = Directory.CreateTempSubdirectory("stored-log-").FullName;

    public string Folder => Path.Combine(_root, "log");

    public string Key { get; private set; } = "";

    public string WitnessKey { get; private set; } = "";

    public string WitnessedReceipt => Path.Combine(_root, "witnessed.tlog-proof");

    /// <summary>Of a log of the same name, whose key nobody here has used.</summary>
    public static string StrangersKey { get; } = NewKey();

    public string ReceiptOf(int index) => Path.Combine(_root, string.Create(CultureInfo.InvariantCulture, $"{index}.tlog-proof"));

    public string EntryFileOf(int index) => Path.Combine(_root, string.Create(CultureInfo.InvariantCulture, $"{index}.entry"));

    public async Task InitializeAsync()
    {
        await using (AuditStore store = AuditStore.Open(new AuditStoreOptions { Directory = Folder, Origin = Origin }, TimeProvider.System))
        {
            Key = store.Keys[0].ToString();
            for (int i = 0; i < Size; i++) Require(store.TryAppend(Record(i)));
            Require(await store.SettleAsync(CancellationToken.None));
            foreach (int index in new[] { 0, 255, 256, 600, 699 }) File.WriteAllBytes(ReceiptOf(index), (await store.ProveAsync(index, CancellationToken.None)).ToArray());
        }

        TileReader tiles = new(Folder, Size);
        foreach (int index in new[] { 0, 255, 256, Witnessed, 600, 699 }) File.WriteAllBytes(EntryFileOf(index), tiles.Entries(index / TilePath.Width)[index % TilePath.Width].ToArray());
        string checkpoint = Path.Combine(Folder, TilePath.Checkpoint);
        SignedNote cosigned = Cosign(SignedNote.TryParse(File.ReadAllBytes(checkpoint), out SignedNote? note, out string fault) ? note : throw new FormatException(fault));
        File.WriteAllBytes(checkpoint, cosigned.ToArray());
        File.WriteAllBytes(WitnessedReceipt, LogProof.Of(Witnessed, cosigned, tiles.Node).ToArray());
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    // Of all that JSON can make hard to write the same way twice.
    private static AuditRecord Record(int i)
    {
        RecordFields data = new RecordFields().Add("uses", i).Add("cause", "\u0001\b\f\n\r\t\"\\/\u007f\u2028\U0001F600 \u00e9").Add("policies", ["b", "a"]).Add("ok", i % 2 == 0).Add("task", $"t{i}")
            .AddCanonical("grants", Encoding.UTF8.GetBytes("[{\"\\n\":0.1,\"1\":1e+21,\"z\":-1.5e-7,\"\U0001F600\":[],\"\uE000\":{}}]"));
        return new AuditRecord(RecordTypes.TaskUsed, DateTimeOffset.UnixEpoch.AddDays(20_000).AddTicks(i), data) { Body = $"words {i}" };
    }

    private SignedNote Cosign(SignedNote note)
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        using NoteSigner signer = new("witness.example.org", seed);
        NoteVerifierKey key = new("witness.example.org", SignatureKind.Cosignature, signer.VerifierKey.PublicKey);
        WitnessKey = key.ToString();
        byte[] message = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {CosignedAt}\n")), .. note.Text];
        byte[] time = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, CosignedAt);
        return note.With(new NoteSignature(key.Name, key.Id, [.. time, .. signer.Sign(message).Signatures[0].Value]));
    }

    private static string NewKey()
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        using NoteSigner signer = new(Origin, seed);
        return signer.VerifierKey.ToString();
    }

    private static void Require(bool done)
    {
        if (!done) throw new InvalidOperationException("the log could not be written");
    }
}
