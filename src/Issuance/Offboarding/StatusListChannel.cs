using Spiffe.Agent.Authority.Revocation;
using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>The Token Status Lists: the place of each token must not say that it is valid. What is asked are the states that the next list is signed from.</summary>
internal sealed class StatusListChannel(StatusLists lists) : IRefusalChannel
{
    public string Name => "status_list";

    public ChannelCheck Ask(EndedTask ended)
    {
        List<string> accepted = [];
        int asked = 0;
        foreach (IGrouping<long, CredentialRecord> list in ended.Credentials.Select(dead => dead.Credential).Where(credential => credential.Status is not null).GroupBy(credential => credential.Status!.Value.List))
        {
            byte[]? states = lists.Read(list.Key)?.Statuses;
            foreach (CredentialRecord credential in list)
            {
                asked++;
                if (states is null || StatusBits.Get(states, credential.Status!.Value.Index) == (int)CredentialStatus.Valid) accepted.Add(credential.Id);
            }
        }

        return new ChannelCheck(Name, asked, [.. accepted]);
    }
}
