using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation.Containerd;

/// <summary>A fact that makes cgroups, and perhaps needs programs. It skips, and says what is missing.</summary>
public sealed class CgroupFactAttribute : FactAttribute
{
    public CgroupFactAttribute(params string[] programs) =>
        Skip = Requirement.All([Requirement.Root(), ContainerCgroups.Missing, .. programs.Select(Requirement.Program)]);
}
