namespace Spiffe.Agent.Issuance.Svids;

/// <summary>The current SVID of one kind of one identity: signed when first asked for, and again from its rotation point on.</summary>
/// <remarks>Whoever asks first signs; those who ask meanwhile wait for it and share the result. An SVID past its rotation point is handed out only while no other can be written down, and never past its end.</remarks>
internal sealed class Rotating<TSvid>(Func<TSvid?, Minted<TSvid>> sign, Func<TSvid, DateTimeOffset> expiry, TimeProvider time)
    where TSvid : class, IDisposable
{
    /// <summary>A clock that was set back by more than this makes the SVID "not yet valid" for verifiers on this host. As long as the authority back-dates.</summary>
    private static readonly TimeSpan ClockStep = TimeSpan.FromSeconds(10);

    /// <summary>How soon it is tried again when what was signed cannot be written down. Ours.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new(); // Guards all below; held while signing, so that one identity is signed once.
    private Shared<TSvid>? _current;
    private DateTimeOffset _signedAt;
    private DateTimeOffset _rotateAt;
    private bool _closed;

    /// <summary>Becomes a holder of the current SVID, who releases it; null when nothing may be signed any more.</summary>
    /// <exception cref="ObjectDisposedException">The identity was closed.</exception>
    public Shared<TSvid>? Hold(out DateTimeOffset rotateAt)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            DateTimeOffset now = time.GetUtcNow();
            if (_current is null || now >= _rotateAt || now < _signedAt - ClockStep) Replace(now);
            rotateAt = _rotateAt;
            _current?.TryHold();
            return _current;
        }
    }

    /// <summary>What is to be said of the current SVID, without its secret; default where there is none or it has expired. Signs nothing.</summary>
    public TSaid? Peek<TSaid>(Func<TSvid, TSaid> say)
        where TSaid : class
    {
        lock (_gate) return _current is { } current && time.GetUtcNow() < expiry(current.Value) ? say(current.Value) : null;
    }

    /// <summary>Lets go of the current SVID, for good.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _current?.Release();
            _current = null;
        }
    }

    private void Replace(DateTimeOffset now)
    {
        (TSvid? signed, bool isUnrecorded) = sign(_current?.Value);
        if (isUnrecorded && _current is not null && now < expiry(_current.Value))
        {
            // What lives runs out: it is what it was, and stays until its end.
            DateTimeOffset end = expiry(_current.Value);
            _rotateAt = end - now < Patience ? end : now + Patience;
            return;
        }

        _signedAt = now;
        _current?.Release();
        _current = null;
        if (signed is null) return;
        _rotateAt = RotationPoint.Draw(now, expiry(signed));
        _current = new Shared<TSvid>(signed);
    }
}
