using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>What one generation of a task says of its credentials, at any moment.</summary>
internal interface ITaskTerms
{
    /// <summary>Whether the task is active, in this generation.</summary>
    bool IsLive { get; }

    /// <summary>As <see cref="Entitlement.Terms"/>.</summary>
    SvidTerms? Terms(SvidKind kind, IReadOnlyList<string> audiences);

    /// <summary>As <see cref="Entitlement.Leaves"/>.</summary>
    Leaving Leaves(SvidKind kind, SvidTerms terms, SignedSvid signed);
}
