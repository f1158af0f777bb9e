using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Systemd;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Integration.Attestation.Systemd;

/// <summary>What these tests start from: this process, said to be in a cgroup of the unit that <see cref="FakeSystemd"/> knows.</summary>
internal static class Given
{
    internal const string Cgroup = "/system.slice/system-web.slice/web@blue.service";

    internal static SelectorKinds Id { get; } = Kinds("id");

    internal static CgroupReading InUnit { get; } = new("0::" + Cgroup, Cgroup, new CgroupPlace { Unit = "web@blue.service", Slice = "system-web.slice" });

    internal static SelectorKinds Kinds(params string[] keys) => SelectorKinds.Of(keys.Select(key => new Selector("systemd", key)));

    internal static PeerProcess Self()
    {
        Assert.True(PeerProcess.TryOpen(Environment.ProcessId, out PeerProcess? peer, out PeerRefusal refusal), refusal.ToString());
        return peer;
    }

    internal static SystemdAttestor Attestor(string socket, TimeProvider? clock = null, TimeSpan? limit = null) => new(
        new SystemdOptions { BusSocket = socket, BootedMarker = "/", AnswerLimit = limit ?? TimeSpan.FromSeconds(30) }, new CgroupReader(new CgroupOptions()), clock ?? TimeProvider.System);

    /// <summary>Asks about this process.</summary>
    internal static async Task<AttestorFindings> AskAsync(this SystemdAttestor attestor, CgroupReading? cgroup = null, SelectorKinds? needed = null, CancellationToken cancellationToken = default)
    {
        using PeerProcess self = Self();
        return await attestor.AttestAsync(self, cgroup ?? InUnit, needed ?? Id, cancellationToken);
    }

    internal static IEnumerable<string> Values(this AttestorFindings findings) => findings.Evidence.Select(item => item.Selector.ToString());
}
