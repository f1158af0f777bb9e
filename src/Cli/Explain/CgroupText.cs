using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Explain;

/// <summary>What a cgroup was recognised as, in words.</summary>
internal static class CgroupText
{
    /// <summary>One line for each thing; one line too when it is none that is known.</summary>
    public static IEnumerable<string> Places(Cgroup cgroup)
    {
        if (cgroup.Path.Length == 0) yield break;
        if (cgroup.Unit.Length > 0) yield return cgroup.Slice.Length > 0 ? $"unit {cgroup.Unit} in {cgroup.Slice}" : $"unit {cgroup.Unit}";
        if (cgroup.HasUserManager) yield return FormattableString.Invariant($"{(cgroup.UserUnit.Length > 0 ? $"unit {cgroup.UserUnit} of" : "under")} the service manager of user {cgroup.UserManager}");
        if (cgroup.ContainerId.Length > 0) yield return Container(cgroup);
        if (cgroup.PodUid.Length > 0) yield return $"in pod {cgroup.PodUid}";
        if (cgroup.Unit.Length == 0 && !cgroup.HasUserManager && cgroup.ContainerId.Length == 0) yield return "no unit and no container that the agent knows by its layout";
    }

    private static string Container(Cgroup cgroup)
    {
        string runtime = cgroup.Runtime switch
        {
            "docker" => "Docker's ",
            "podman" => "Podman's ",
            "containerd" => "containerd's ",
            "cri-o" => "CRI-O's ",
            _ => "",
        };
        string space = cgroup.ContainerdNamespace.Length > 0 ? $" in namespace {cgroup.ContainerdNamespace}" : "";
        string rootless = cgroup.HasRootlessUserId ? FormattableString.Invariant($", rootless, of user {cgroup.RootlessUserId}") : "";
        return $"{runtime}container {cgroup.ContainerId}{space}{rootless}";
    }
}
