namespace Spiffe.Agent.Attestation.Attestors.Systemd;

/// <summary>What systemd says of a unit.</summary>
/// <param name="Id">Its name.</param>
/// <param name="FragmentPath">The file that defines it; empty when there is none, as for a session's scope.</param>
/// <param name="ControlGroup">Its cgroup, from the root of the hierarchy.</param>
/// <param name="Invocation">128 bits that name this run of the unit; empty when it has none or was not asked for.</param>
internal sealed record UnitFacts(string Id, string FragmentPath, string ControlGroup, byte[] Invocation);
