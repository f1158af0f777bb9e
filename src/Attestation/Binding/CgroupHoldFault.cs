namespace Spiffe.Agent.Attestation.Binding;

/// <summary>Why a cgroup is not held.</summary>
public enum CgroupHoldFault
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>The reading is refused: see <see cref="Cgroups.CgroupReading.Refusal"/>.</summary>
    NotEvidence,

    /// <summary>The process is in no unit, or in no container.</summary>
    NoSuchPlace,

    /// <summary>It is the root of the hierarchy, where everything is.</summary>
    RootCgroup,

    /// <summary>It is a user's login session or his service manager, which hold whatever he does, and no unit of its own.</summary>
    LoginSession,

    /// <summary>It, or a directory above it, can be written by somebody who is not root: he decides who is in it.</summary>
    Delegated,

    /// <summary>It has been removed since it was read; one of the same name is another.</summary>
    Gone,

    /// <summary>Its hierarchy is not mounted here, or may not be looked at.</summary>
    Unreadable,

    /// <summary>As many are held as may be, or there are no descriptors left.</summary>
    TooMany,
}
