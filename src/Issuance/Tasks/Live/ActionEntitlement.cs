using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>The right to one token for one permitted action.</summary>
internal sealed class ActionEntitlement(LiveTask task, int generation, SvidTerms terms, TaskCredentials credentials) : Entitlement(task.SpiffeId, "")
{
    public override object Key => this;

    public override string Source => $"action of task:{task.Id}";

    public override SvidTerms? Terms(SvidKind kind, IReadOnlyList<string> audiences) => kind == SvidKind.Jwt ? terms : null;

    public override Leaving Leaves(SvidKind kind, SvidTerms by, SignedSvid signed) => credentials.Leaves(task, generation, CredentialKind.ActionToken, by, signed);
}
