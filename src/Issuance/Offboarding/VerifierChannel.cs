using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>VerifyTask and ValidateJWTSVID. Both read the token first, which nobody has any more; what is asked here is what both then ask of its number, by the same function.</summary>
/// <param name="name">Which of them.</param>
/// <param name="ledger">The book.</param>
/// <param name="speaksOf">The kinds that it is asked about.</param>
internal sealed class VerifierChannel(string name, RevocationLedger ledger, Func<CredentialKind, bool> speaksOf) : IRefusalChannel
{
    public string Name => name;

    public ChannelCheck Ask(EndedTask ended)
    {
        RevokedCredential[] asked = [.. ended.Credentials.Where(dead => speaksOf(dead.Credential.Kind))];
        return new ChannelCheck(name, asked.Length,
            [.. from dead in asked
                where CredentialRule.BrokenBy(isTask: true, ledger.Find(dead.Credential.Kind, dead.Credential.Id)).Length == 0
                select dead.Credential.Id]);
    }
}
