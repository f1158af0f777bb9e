using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Tests.Integration.Attestation.Cgroups;

/// <summary>An agent in a cgroup namespace of its own, as in a container: one thread of this process joins one.</summary>
public sealed partial class CgroupNamespaceTests : IDisposable
{
    private const int NewCgroupNamespace = 0x02000000;

    private readonly CgroupTree _tree = new(CgroupTree.Unified);
    private readonly string _parent = $"/test-{Guid.NewGuid():N}";
    private readonly string _id = CgroupTree.NewId(), _agentsId = CgroupTree.NewId();

    public void Dispose() => _tree.Dispose();

    [CgroupFact]
    public void Process_outside_of_the_agents_namespace_is_out_of_view()
    {
        string container = _tree.Make($"{_parent}/{_id}");
        using PeerProcess peer = CgroupTree.Open(_tree.Sleep(container));
        InNamespaceOfAgent(() =>
        {
            CgroupReader reader = new(Options);
            Assert.Contains($"0::/../{_id}\n", CgroupText.Read(peer, out _), StringComparison.Ordinal);
            CgroupReading reading = reader.Read(peer);
            if (reading.Text.StartsWith("0::", StringComparison.Ordinal)) Assert.Equal(container, reading.Path); // v2 alone: resolved by id.
            else Assert.Equal((EvidenceRefusal.CgroupOutOfView, null), (reading.Refusal, reading.Place.Container));
        });
    }

    [CgroupIdFact]
    public void Hosts_own_mount_shows_by_the_kernels_id_what_the_namespace_hides()
    {
        string container = _tree.Make($"{_parent}/{_id}"), below = _tree.Make($"{container}/a b");
        using PeerProcess peer = CgroupTree.Open(_tree.Sleep(below));
        Assert.True(CgroupId.TryRead(peer, out ulong? id));
        InNamespaceOfAgent(() =>
        {
            CgroupReading reading = new CgroupReader(Options).ReadView($"0::/../{_id}/a b\n", id, peer);
            Assert.Equal((below, _id, container), (reading.Path, reading.Place.Container?.Id, reading.Place.Container?.Path));
        });
    }

    [CgroupIdFact]
    public void Id_of_another_cgroup_than_the_path_names_is_refused()
    {
        string container = _tree.Make($"{_parent}/{_id}"), another = _tree.Make($"{_parent}/{_agentsId}");
        using PeerProcess peer = CgroupTree.Open(_tree.Sleep(container)), other = CgroupTree.Open(_tree.Sleep(another));
        Assert.True(CgroupId.TryRead(other, out ulong? id));
        CgroupReader reader = new(Options);
        Assert.Equal(EvidenceRefusal.CgroupAmbiguous, reader.ReadView($"0::{container}\n", id, peer).Refusal);
        Assert.True(CgroupId.TryRead(peer, out id));
        Assert.Null(reader.ReadView($"0::{container}\n", id, peer).Refusal);
    }

    private CgroupOptions Options => new() { DockerParents = [_parent] };

    private void InNamespaceOfAgent(Action act)
    {
        // Made by a process that is in the agent's cgroup when it makes it.
        int maker = _tree.Start(_tree.Make($"{_parent}/{_agentsId}"), "sh", "-c", "read x; exec unshare --cgroup sh -c 'echo ready; read end'");
        _tree.Write(maker, "go");
        Assert.Equal("ready", _tree.Output(maker).ReadLine());
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                using SafeFileHandle space = File.OpenHandle($"/proc/{maker}/ns/cgroup");
                Assert.Equal(0, SetNamespace(space, NewCgroupNamespace));
                act();
            }
#pragma warning disable CA1031 // Thrown again below.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) throw new InvalidOperationException("in the namespace", failure);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle space, int type);
}
