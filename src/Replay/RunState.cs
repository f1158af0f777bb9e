namespace Spiffe.Agent.Replay;

/// <summary>Whether a daemon runs.</summary>
internal enum RunState
{
    /// <summary>The log begins in the middle of a run, or does not say.</summary>
    Unknown,

    Running,

    Stopped,
}
