namespace Spiffe.Agent.Attestation.DBus;

/// <summary>What went wrong between us and the bus.</summary>
internal enum DBusFault
{
    /// <summary>The socket, who listens on it, or who owns the service's name is not root.</summary>
    NotTrusted = 1,

    /// <summary>There is no connection, it ended, or the service has left the bus. Asking again on a new connection may help.</summary>
    Lost,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>What was said is not D-Bus, or not what was asked for.</summary>
    Malformed,

    /// <summary>The service or the bus answered with an error: <see cref="DBusException.ErrorName"/>.</summary>
    Error,
}
