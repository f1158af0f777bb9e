namespace Spiffe.Agent.Tests.Unit.Attestation.Cgroups;

/// <summary>Ids and paths that several tests speak of.</summary>
internal static class Paths
{
    internal const string A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    internal const string B = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    internal const string PodA = "6a3c8d0e-1b2f-4c5d-8e9f-0a1b2c3d4e5f";
    internal const string PodASlice = "6a3c8d0e_1b2f_4c5d_8e9f_0a1b2c3d4e5f";
    internal const string StaticPod = "7e8d3b1c0a9f8e7d6c5b4a3928170605";
    internal const string Manager = "/user.slice/user-1777.slice/user@1777.service";
}
