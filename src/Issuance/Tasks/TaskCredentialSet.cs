using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>Credentials of one task, held until this is disposed. Keys in it are zeroed when their last holder lets go.</summary>
public sealed class TaskCredentialSet : IDisposable
{
    private Action? _release;
    private Shared<X509Svid>? _x509;
    private Shared<WitSvid>? _wit;

    /// <param name="release">Lets go of the identity that they are of.</param>
    internal TaskCredentialSet(Action release) => _release = release;

    /// <summary>With its key.</summary>
    public X509Svid? X509 => _x509?.Value;

    /// <summary>For a key that the worker holds.</summary>
    public X509SvidCertificate? Certificate { get; private set; }

    /// <summary>With its key.</summary>
    public WitSvid? Wit => _wit?.Value;

    public JwtSvid? Jwt { get; private set; }

    /// <summary>The authorities of the trust domain.</summary>
    public TrustBundle Bundle { get; internal set; } = null!;

    /// <summary>When the first of them is due to be replaced.</summary>
    public DateTimeOffset FreshUntil { get; private set; } = DateTimeOffset.MaxValue;

    public void Dispose()
    {
        _x509?.Release();
        _wit?.Release();
        (_x509, _wit) = (null, null);
        Interlocked.Exchange(ref _release, null)?.Invoke();
    }

    internal void Take(Shared<X509Svid>? svid, DateTimeOffset due)
    {
        if ((_x509 = svid) is not null) Due(due);
    }

    internal void Take(Shared<WitSvid>? svid, DateTimeOffset due)
    {
        if ((_wit = svid) is not null) Due(due);
    }

    internal void Take(JwtSvid svid, DateTimeOffset due)
    {
        Jwt = svid;
        Due(due);
    }

    internal void Take(X509SvidCertificate svid, DateTimeOffset due)
    {
        Certificate = svid;
        Due(due);
    }

    private void Due(DateTimeOffset at)
    {
        if (at < FreshUntil) FreshUntil = at;
    }
}
