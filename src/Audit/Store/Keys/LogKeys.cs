using Spiffe.Agent.Audit.Notes;

namespace Spiffe.Agent.Audit.Store.Keys;

/// <summary>The keys of an open log: those that verify, and the one that signs. Safe from many threads.</summary>
internal sealed class LogKeys : IDisposable
{
    private readonly Lock _gate = new(); // Guards the signer: nobody signs with one that is being let go.
    private NoteSigner _signer;

    /// <param name="signer">Signs now; owned from here on.</param>
    /// <param name="all">All that verify, oldest first.</param>
    public LogKeys(NoteSigner signer, IReadOnlyList<NoteVerifierKey> all) => (_signer, All, Origin) = (signer, all, signer.VerifierKey.Name);

    public string Origin { get; }

    public IReadOnlyList<NoteVerifierKey> All { get; private set; }

    public SignedNote Sign(ReadOnlySpan<byte> text)
    {
        lock (_gate) return _signer.Sign(text);
    }

    public byte[] SignBytes(ReadOnlySpan<byte> message)
    {
        lock (_gate) return _signer.SignBytes(message);
    }

    /// <summary>Another key signs from here on; the one before is zeroed.</summary>
    public void Change(NoteSigner signer, IReadOnlyList<NoteVerifierKey> all)
    {
        lock (_gate)
        {
            _signer.Dispose();
            (_signer, All) = (signer, all);
        }
    }

    public void Dispose()
    {
        lock (_gate) _signer.Dispose();
    }
}
