namespace Spiffe.Agent.Audit.Witnessing;

/// <summary>How a witness took a checkpoint. C2SP tlog-witness.</summary>
public enum WitnessOutcome
{
    /// <summary>It has cosigned.</summary>
    Cosigned,

    /// <summary>It cannot be reached, or did not answer as a witness does. Tried again with the next checkpoint.</summary>
    Unreachable,

    /// <summary>It does not know this log, or not its key.</summary>
    Unknown,

    /// <summary>It last cosigned a checkpoint of another size than was said.</summary>
    Conflict,

    /// <summary>It has cosigned a larger tree than this one: the log was set back.</summary>
    SetBack,

    /// <summary>What it has cosigned is not what this tree begins with: the log was forked.</summary>
    Forked,
}
