using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>The identity of one generation of one task. Each generation has keys of its own: what an earlier one held is revoked.</summary>
internal sealed class TaskEntitlement(SpiffeId id, string hint, bool isDefault, ITaskTerms task) : Entitlement(id, hint)
{
    public override object Key => this;

    public override string Source => Hint;

    /// <summary>The generation that it is of.</summary>
    public ITaskTerms Task => task;

    /// <summary>Whether it comes before what entries give.</summary>
    public bool IsDefault => isDefault;

    /// <summary>Whether the task is active, in this generation.</summary>
    public bool IsLive => task.IsLive;

    public override SvidTerms? Terms(SvidKind kind, IReadOnlyList<string> audiences) => task.Terms(kind, audiences);

    public override Leaving Leaves(SvidKind kind, SvidTerms terms, SignedSvid signed) => task.Leaves(kind, terms, signed);
}
