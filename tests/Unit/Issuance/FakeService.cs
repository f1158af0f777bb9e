using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Unit.Issuance;

/// <summary>Fakes a service that is asked about a process, such as a container runtime: says what the test wants, at once, late, or not at all.</summary>
internal sealed class FakeService(string type) : IAttestor
{
    public string Type => type;

    /// <summary>How often it was asked.</summary>
    public int Asked { get; private set; }

    /// <summary>The values that every process holds now.</summary>
    public string[] Says { get; set; } = [];

    public bool IsDown { get; set; }

    /// <summary>Answers come when this has completed.</summary>
    public Task Ready { get; set; } = Task.CompletedTask;

    public async ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken)
    {
        Asked++;
        await Ready;
        if (IsDown) throw new IOException("connection refused");
        return new AttestorFindings([.. Says.Select(value => new EvidenceItem(new Selector(type, value), "fake"))], []);
    }
}
