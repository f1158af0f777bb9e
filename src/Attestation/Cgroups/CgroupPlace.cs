namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>What an anchored cgroup path says about a process. Everything is null for a path that no layout describes.</summary>
public sealed record CgroupPlace
{
    /// <summary>A path that says nothing.</summary>
    public static CgroupPlace Nowhere { get; } = new();

    /// <summary>The unit of the system's service manager, such as <c>web.service</c>; the innermost one that only root can make.</summary>
    public string? Unit { get; init; }

    /// <summary>The slice that <see cref="Unit"/> is in, such as <c>system.slice</c>; <c>-.slice</c> for the root one.</summary>
    public string? Slice { get; init; }

    /// <summary>The user whose own service manager the process is under (<c>user@UID.service</c>).</summary>
    public uint? UserManager { get; init; }

    /// <summary>The unit of that user's service manager, such as <c>app.service</c>. Its user can give any of his processes any such name.</summary>
    public string? UserUnit { get; init; }

    /// <summary>The outermost container on the path.</summary>
    public ContainerPlace? Container { get; init; }
}
