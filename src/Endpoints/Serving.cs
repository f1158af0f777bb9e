using Spiffe.Agent.Issuance;

namespace Spiffe.Agent.Endpoints;

/// <summary>Whether the daemon serves yet: sockets are bound before anything slow happens, and answer Unavailable until <see cref="Begin"/>.</summary>
public sealed class Serving
{
    private volatile IssuanceService? _issuance;

    /// <summary>Null while starting and when stopping.</summary>
    public IssuanceService? Issuance => _issuance;

    /// <summary>From now on calls are answered.</summary>
    public void Begin(IssuanceService issuance) => _issuance = issuance;

    /// <summary>From now on calls are answered Unavailable, and open streams end with it.</summary>
    public void End()
    {
        IssuanceService? issuance = _issuance;
        _issuance = null;
        issuance?.WakeStreams();
    }
}
