using System.Globalization;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>Where systemd puts units: slices that nest by their names, then the unit. Below a unit its processes may make cgroups as they like, so nothing further
/// counts, with three exceptions: scopes that are containers, a container that podman put into the unit that started it, and a user's service manager.</summary>
internal static class SystemdLayout
{
    private const string RootSlice = "-.slice";

    /// <summary>Null when no unit comes of it.</summary>
    internal static Anchored? Locate(string[] names)
    {
        int at = Slices(names, 0, out string? slice);
        if (at == names.Length || UnitName.Of(names[at]) is not { } unit) return null;
        int depth = at + 1;
        CgroupPlace place = new() { Unit = unit, Slice = slice ?? RootSlice };
        if (UserOf(slice, unit) is { } user && at == 2) return OfUser(names, depth, place with { UserManager = user }, user);

        string scope = names[at];
        if (slice is not null && OfScope(slice, scope) is { } container) return CgroupLayouts.Container(names, depth, container, place);
        if (depth < names.Length && OfPayload(unit, names[depth]) is { } payload) return CgroupLayouts.Container(names, depth + 1, payload, place) with { IsPayload = true };
        return new Anchored(place) { Depth = depth };
    }

    /// <summary>Below <c>user@UID.service</c>: that user's units and rootless podman, and no more than he himself could say.</summary>
    private static Anchored OfUser(string[] names, int manager, CgroupPlace place, uint user)
    {
        int at = Slices(names, manager, out _);
        if (at == names.Length || UnitName.Of(names[at]) is not { } unit) return new Anchored(place) { Depth = manager, ManagerDepth = manager };
        int depth = at + 1;
        place = place with { UserUnit = unit };
        ContainerPlace? container = null;
        if (RuntimeNames.IdOfScope(names[at], "libpod-") is { } id) container = new ContainerPlace(ContainerRuntime.Podman, id, "");
        else if (depth < names.Length && OfPodmanPayload(unit, names[depth]) is { } payload) (container, depth) = (payload, depth + 1);
        return container is null
            ? new Anchored(place) { Depth = depth, ManagerDepth = manager }
            : CgroupLayouts.Container(names, depth, container with { RootlessUserId = user }, place) with { ManagerDepth = manager };
    }

    /// <summary>Walks through slices that nest; returns where they end, and the innermost.</summary>
    private static int Slices(string[] names, int at, out string? slice)
    {
        slice = null;
        while (at < names.Length && UnitName.IsSliceIn(slice, names[at])) slice = names[at++];
        return at;
    }

    private static ContainerPlace? OfScope(string slice, string scope)
    {
        if (slice == "system.slice") return Of(ContainerRuntime.Docker, "docker-");
        if (slice == "machine.slice" || IsPod(slice)) return Of(ContainerRuntime.Podman, "libpod-");
        return KubernetesLayout.OfScope(slice, scope);

        ContainerPlace? Of(ContainerRuntime runtime, string prefix) => RuntimeNames.IdOfScope(scope, prefix) is { } id ? new ContainerPlace(runtime, id, "") : null;
    }

    /// <summary><c>machine-libpod_pod_ID.slice</c>.</summary>
    private static bool IsPod(string slice) => RuntimeNames.IdAfter(slice[..^UnitName.Slice.Length], "machine-libpod_pod_") is not null;

    private static ContainerPlace? OfPayload(string unit, string name) => OfPodmanPayload(unit, name) ?? KubernetesLayout.OfMixedDrivers(unit, name);

    /// <summary><c>--cgroups=split</c>, as Quadlet's units have it: podman makes two cgroups in the one it is in, or in a scope that it has made for itself.</summary>
    private static ContainerPlace? OfPodmanPayload(string unit, string name)
    {
        bool splits = unit.EndsWith(".service", StringComparison.Ordinal) || unit.StartsWith("podman-", StringComparison.Ordinal);
        return splits && RuntimeNames.IdAfter(name, "libpod-payload-") is { } id ? new ContainerPlace(ContainerRuntime.Podman, id, "") : null;
    }

    /// <summary>The user of <c>user-UID.slice/user@UID.service</c>; null for any other pair.</summary>
    private static uint? UserOf(string? slice, string unit)
    {
        if (slice is null || !unit.StartsWith("user@", StringComparison.Ordinal) || !unit.EndsWith(".service", StringComparison.Ordinal)) return null;
        string digits = unit["user@".Length..^".service".Length];
        bool isNumber = uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out uint user) && user.ToString(CultureInfo.InvariantCulture) == digits;
        return isNumber && slice == $"user-{digits}.slice" ? user : null;
    }
}
