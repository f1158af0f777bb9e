namespace Spiffe.Agent.Configuration;

/// <summary>The least weight of what is logged.</summary>
public enum LogThreshold
{
    /// <summary><c>trace</c>.</summary>
    Trace,

    /// <summary><c>debug</c>.</summary>
    Debug,

    /// <summary><c>info</c>.</summary>
    Information,

    /// <summary><c>warn</c>.</summary>
    Warning,

    /// <summary><c>error</c>.</summary>
    Error,
}
