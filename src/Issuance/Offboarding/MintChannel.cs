using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>Whether another credential could still be issued to the task: the book must not take any of it any more.</summary>
internal sealed class MintChannel(RevocationLedger ledger) : IRefusalChannel
{
    public string Name => "issuance";

    public ChannelCheck Ask(EndedTask ended) => new(Name, 1, ledger.IsOpen(ended.TaskId) ? [ended.TaskId] : []);
}
