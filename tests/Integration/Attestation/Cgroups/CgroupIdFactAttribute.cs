using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation.Cgroups;

/// <summary>A fact that makes cgroups and asks a pidfd for the id of one.</summary>
public sealed class CgroupIdFactAttribute : FactAttribute
{
    public CgroupIdFactAttribute() => Skip = Requirement.All(CgroupTree.Missing, Requirement.Kernel(6, 13));
}
