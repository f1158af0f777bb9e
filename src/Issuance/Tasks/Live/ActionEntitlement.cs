using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>The right to one token for one permitted action.</summary>
/// <param name="task">Whose action.</param>
/// <param name="terms">What the token may be.</param>
/// <param name="permit">Enters the token that was signed, and writes the permission down: one thing, in one entry.</param>
internal sealed class ActionEntitlement(LiveTask task, SvidTerms terms, Func<SignedSvid, Leaving> permit) : Entitlement(task.SpiffeId, "")
{
    public override object Key => this;

    public override string Source => $"action of task:{task.Id}";

    public override SvidTerms? Terms(SvidKind kind, IReadOnlyList<string> audiences) => kind == SvidKind.Jwt ? terms : null;

    public override Leaving Leaves(SvidKind kind, SvidTerms by, SignedSvid signed) => permit(signed);
}
