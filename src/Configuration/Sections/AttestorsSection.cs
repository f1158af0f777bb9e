using System.Collections.Immutable;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>attestors</c>.</summary>
internal static class AttestorsSection
{
    /// <summary>Longest list that a section has. Ours: nobody has as many, and each costs a comparison at every attestation.</summary>
    private const int MaxListed = 64;

    /// <summary>Longest identifier of containerd (its own rule, in identifiers/validate.go).</summary>
    private const int MaxNamespace = 76;

    private static readonly string[] Units = [".slice", ".service", ".scope", ".socket", ".mount", ".swap"];

    /// <summary>Digits of the greatest uid.</summary>
    private const int MaxUidLength = 10;

    public static AttestorsOptions Read(Section section)
    {
        AttestorsOptions options = new()
        {
            Timeout = section.Duration("timeout", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)),
            Unix = ReadUnix(section.Child("unix")),
            Systemd = ReadSystemd(section.Child("systemd")),
            Docker = ReadDocker(section.Child("docker")),
            Podman = ReadPodman(section.Child("podman")),
            Containerd = ReadContainerd(section.Child("containerd")),
            Kubernetes = KubernetesSection.Read(section.Child("kubernetes")),
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static UnixAttestorOptions ReadUnix(Section section)
    {
        UnixAttestorOptions options = new()
        {
            Sha256MaxSize = section.Size("sha256_max_size", 256L << 20, 0, 4L << 30),
            Sha256CacheEntries = section.Number("sha256_cache_entries", 1024, 16, 65_536),
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static SystemdAttestorOptions ReadSystemd(Section section)
    {
        SystemdAttestorOptions options = new()
        {
            IsEnabled = section.Switch("enabled", true),
            Bus = SocketPath.Read(section, "bus") ?? "/run/dbus/system_bus_socket",
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static DockerAttestorOptions ReadDocker(Section section)
    {
        DockerAttestorOptions options = new()
        {
            IsEnabled = section.Switch("enabled", true),
            Socket = SocketPath.Read(section, "socket") ?? "/run/docker.sock",
            CgroupParents = ReadList(section, "cgroup_parents", IsCgroupPath, [], "is not a cgroup path", "write it from the root, such as /custom/parent: no '.', no '..', no slash at the end"),
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static PodmanAttestorOptions ReadPodman(Section section)
    {
        PodmanAttestorOptions options = new()
        {
            IsEnabled = section.Switch("enabled", true),
            Socket = SocketPath.Read(section, "socket") ?? "/run/podman/podman.sock",
            RootlessSocket = SocketPath.ReadTemplate(section, "rootless_socket", PodmanAttestorOptions.UidPlaceholder, MaxUidLength)
                ?? $"/run/user/{PodmanAttestorOptions.UidPlaceholder}/podman/podman.sock",
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static ContainerdAttestorOptions ReadContainerd(Section section)
    {
        ContainerdAttestorOptions options = new()
        {
            IsEnabled = section.Switch("enabled", true),
            Socket = SocketPath.Read(section, "socket") ?? "/run/containerd/containerd.sock",
            Namespaces = ReadList(section, "namespaces", IsNamespace, ["default"], "is not a namespace of containerd, or is named like a unit of systemd", $"write letters, digits and single . _ - between them, at most {MaxNamespace} characters"),
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static ImmutableArray<string> ReadList(Section section, string key, Func<string, bool> isValid, ImmutableArray<string> otherwise, string problem, string remedy) =>
        section.Has(key) ? section.DistinctTexts(key, MaxListed, isValid, problem, remedy) : otherwise;

    private static bool IsCgroupPath(string text) =>
        text.Length is > 1 and < 4096 && !text.EndsWith(" (deleted)", StringComparison.Ordinal) && text[0] == '/' && text[1..].Split('/').All(part => part is not ("" or "." or "..") && !part.AsSpan().ContainsAnyInRange('\0', '\x1f'));

    private static bool IsNamespace(string text)
    {
        bool afterLetter = false;
        foreach (char c in text)
        {
            bool letter = char.IsAsciiLetterOrDigit(c);
            if (!letter && (!afterLetter || c is not ('.' or '_' or '-'))) return false;
            afterLetter = letter;
        }

        // One that is named like a unit would take what systemd makes for its own.
        return afterLetter && text.Length <= MaxNamespace && !Units.Any(suffix => text.EndsWith(suffix, StringComparison.Ordinal));
    }
}
