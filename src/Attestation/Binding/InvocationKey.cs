using System.Globalization;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>What tells one run of a unit or of a container from the next: all processes of the run have it in common, and no other run ever has it.</summary>
/// <param name="Kind">Of what.</param>
/// <param name="Name">The unit, such as <c>nightly.service</c>; of a container its runtime, namespace if it has one, and full id.</param>
/// <param name="Run">Of a unit systemd's invocation id, 32 hex digits. Of a container, which keeps its id when it is started again, this boot and the number of its cgroup.</param>
public sealed record InvocationKey(InvocationKind Kind, string Name, string Run)
{
    private const string IdKey = "id:";
    private const string InvocationIdKey = "invocation_id:";
    private const int InvocationIdLength = 32;

    /// <summary>Of the unit that systemd says a process runs in; null unless both <c>systemd:id</c> and <c>systemd:invocation_id</c> were asked for and attested.</summary>
    public static InvocationKey? OfUnit(SelectorSet selectors)
    {
        ArgumentNullException.ThrowIfNull(selectors);
        string? unit = Only(selectors, IdKey), run = Only(selectors, InvocationIdKey);
        return unit is not null && run is { Length: InvocationIdLength } ? new InvocationKey(InvocationKind.SystemdUnit, unit, run) : null;
    }

    /// <summary>Of the container that a process is in by the kernel's word; null when it is in none, or the reading is refused.</summary>
    /// <remarks>The number of a cgroup is given once in one boot from Linux 5.5 on; before, after 2³² others.</remarks>
    public static InvocationKey? OfContainer(CgroupReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        if (reading.Refusal is not null || reading.Inode == 0 || reading.Place.Container is not { } container) return null;
        string name = container switch
        {
            { RootlessUserId: { } user } => string.Create(CultureInfo.InvariantCulture, $"{container.Runtime}/{user}/{container.Id}"),
            { Namespace: { } space } => $"{container.Runtime}/{space}/{container.Id}",
            _ => $"{container.Runtime}/{container.Id}",
        };
        return new InvocationKey(InvocationKind.Container, name, string.Create(CultureInfo.InvariantCulture, $"{ProcessIdentity.CurrentBoot:N}/{reading.Inode}"));
    }

    /// <summary>Of a cgroup that is held: this very one, not the next of its name.</summary>
    public static InvocationKey OfCgroup(CgroupHold cgroup)
    {
        ArgumentNullException.ThrowIfNull(cgroup);
        return new InvocationKey(InvocationKind.Cgroup, cgroup.Path, string.Create(CultureInfo.InvariantCulture, $"{ProcessIdentity.CurrentBoot:N}/{cgroup.Number}"));
    }

    /// <summary><c>SystemdUnit nightly.service 0123…</c></summary>
    public override string ToString() => $"{Kind} {Name} {Run}";

    /// <summary>The one value of a key; null when there is none or more than one.</summary>
    private static string? Only(SelectorSet selectors, string key)
    {
        string? found = null;
        foreach (Selector selector in selectors.Span)
        {
            if (selector.Type != "systemd" || !selector.Value.StartsWith(key, StringComparison.Ordinal)) continue;
            if (found is not null) return null;
            found = selector.Value[key.Length..];
        }

        return found;
    }
}
