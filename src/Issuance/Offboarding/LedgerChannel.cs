using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>The book that every other way asks: it must know each credential as revoked.</summary>
internal sealed class LedgerChannel(RevocationLedger ledger) : IRefusalChannel
{
    public string Name => "ledger";

    public ChannelCheck Ask(EndedTask ended) => new(Name, ended.Credentials.Length,
        [.. from dead in ended.Credentials
            where ledger.StatusOf(dead.Credential.Kind, dead.Credential.Id) is not (CredentialStatus.Revoked or CredentialStatus.Unknown)
            select dead.Credential.Id]);
}
