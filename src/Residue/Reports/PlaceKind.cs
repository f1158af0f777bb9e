namespace Spiffe.Agent.Residue.Reports;

/// <summary>Where residue may lie.</summary>
public enum PlaceKind
{
    /// <summary>A declared file or directory.</summary>
    Path,

    /// <summary>What the work made for others, such as a build's results.</summary>
    Artifact,

    /// <summary>The environment that a process was started with.</summary>
    Environment,

    /// <summary>The arguments of a process, which everybody may read.</summary>
    CommandLine,

    /// <summary>What the unit wrote to the journal.</summary>
    Journal,

    /// <summary>The memory of a process that died.</summary>
    CoreDump,
}
