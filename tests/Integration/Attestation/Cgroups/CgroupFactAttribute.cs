using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation.Cgroups;

/// <summary>A fact that makes cgroups: needs root, the unified hierarchy, and where it says so v1 ones beside it.</summary>
public sealed class CgroupFactAttribute : FactAttribute
{
    public CgroupFactAttribute(params string[] hierarchies) =>
        Skip = Requirement.All([CgroupTree.Missing, .. hierarchies.Select(name => Requirement.Present($"/sys/fs/cgroup/{name}/cgroup.procs"))]);
}
