namespace Spiffe.Agent.Tests.Integration.Attestation.Containerd;

/// <summary>A theory that makes cgroups. It skips, and says what is missing.</summary>
public sealed class CgroupTheoryAttribute : TheoryAttribute
{
    public CgroupTheoryAttribute() => Skip = new CgroupFactAttribute().Skip;
}
