using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Authorization;

/// <summary>What a policy can be filed under: a demand that its scope makes, and that a request meets or not.</summary>
/// <param name="Variable">Of whom it is demanded.</param>
/// <param name="Kind">To be the entity, to be in it, or to be of a type.</param>
/// <param name="Entity">The entity, or one of the type and without an id.</param>
internal readonly record struct ScopeKey(PolicyVariable Variable, ScopeKeyKind Kind, EntityUid Entity)
{
    private static readonly EntityUid Nobody = new("", "");

    /// <summary>The file of policies whose scope demands nothing.</summary>
    public static ScopeKey Everything { get; } = new(PolicyVariable.Context, ScopeKeyKind.Equal, Nobody);
}
