namespace Spiffe.Agent.Tests.Integration.Attestation.Cgroups;

/// <summary>A fact that makes cgroups of the unified hierarchy: needs root and that it is mounted.</summary>
public sealed class CgroupFactAttribute : FactAttribute
{
    public CgroupFactAttribute() => Skip = CgroupTree.Missing;
}
