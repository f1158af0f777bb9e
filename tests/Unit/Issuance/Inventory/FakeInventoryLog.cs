using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Inventory;

namespace Spiffe.Agent.Tests.Unit.Issuance.Inventory;

/// <summary>A log of which there is only its state and its key. Signs as <see cref="AuditStore.Sign"/> does.</summary>
internal sealed class FakeInventoryLog : IInventoryLog, IDisposable
{
    private readonly NoteSigner _signer;

    public FakeInventoryLog(string origin = "example.org/audit")
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        _signer = new NoteSigner(origin, seed);
        State = new LogState(origin, 42, 40, 2, 0, "");
    }

    public LogState State { get; set; }

    public bool CanSign { get; set; } = true;

    public NoteVerifierKey Key => _signer.VerifierKey;

    public byte[]? Sign(ReadOnlySpan<byte> text) => CanSign ? SignAs(InventoryStatement.Kind, text) : null;

    public byte[] SignAs(string kind, ReadOnlySpan<byte> text) => SignRaw([.. System.Text.Encoding.ASCII.GetBytes($"{AuditStore.Statement}{kind}\n"), .. text]);

    /// <summary>Any text at all: what no daemon would sign.</summary>
    public byte[] SignRaw(ReadOnlySpan<byte> text) => _signer.Sign(text).ToArray();

    public void Dispose() => _signer.Dispose();
}
