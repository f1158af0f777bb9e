using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Endpoints.Admin;

/// <summary>What the composition root knows of the running daemon and nobody below it does.</summary>
public interface IDaemonFacts
{
    /// <summary>Fills in version, state, sockets, signing keys, counts and protections.</summary>
    void Describe(GetStatusResponse status);
}
