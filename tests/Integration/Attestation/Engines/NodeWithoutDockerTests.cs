using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Engine;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tests.Integration.Attestation.Cgroups;

namespace Spiffe.Agent.Tests.Integration.Attestation.Engines;

/// <summary>Nodes of Kubernetes where Docker is not installed, though an entry speaks of it.</summary>
public sealed class NodeWithoutDockerTests : IDisposable
{
    private readonly CgroupTree _tree = new(CgroupTree.Unified);
    private readonly DockerAttestor _docker = new(new DockerOptions { Socket = $"/run/no-such-{Guid.NewGuid():N}.sock" }, new CgroupReader(new CgroupOptions()), TimeProvider.System);

    public void Dispose()
    {
        _docker.Dispose();
        _tree.Dispose();
    }

    [CgroupFact]
    public async Task A_pod_whose_layout_names_no_runtime_is_simply_not_dockers()
    {
        using PeerProcess peer = CgroupTree.Open(_tree.Sleep(_tree.Make($"/kubepods/pod{Guid.NewGuid():D}/{CgroupTree.NewId()}")));

        Assert.Empty((await AskAsync(peer)).Evidence);
    }

    [CgroupFact]
    public async Task A_container_in_dockers_own_layout_waits_for_docker()
    {
        using PeerProcess peer = CgroupTree.Open(_tree.Sleep(_tree.Make($"/docker/{CgroupTree.NewId()}")));

        await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(peer));
    }

    private Task<AttestorFindings> AskAsync(PeerProcess peer) => _docker.AttestAsync(peer, SelectorKinds.All, CancellationToken.None).AsTask();
}
