namespace Spiffe.Agent.Attestation.Binding;

/// <summary>How far freezing, thawing or killing came.</summary>
public enum ContainOutcome
{
    /// <summary>All of it: the kernel says so of every process.</summary>
    Done = 1,

    /// <summary>Asked for, and not seen to be complete in time: some process still runs, or cannot be seen.</summary>
    Incomplete,

    /// <summary>Nothing was there: it had exited, or was empty.</summary>
    Gone,

    /// <summary>Nothing was done: it would have met the daemon itself, or that could not be ruled out.</summary>
    Refused,

    /// <summary>Nothing was done: the kernel did not let us. The detail has the errno.</summary>
    Failed,
}
