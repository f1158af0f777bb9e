using System.Collections.Immutable;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Entities;

/// <summary>An entity as its source describes it: attributes, tags and the parents that it was given.</summary>
/// <param name="Uid">Its name.</param>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Parents">What it is directly in; none of them need be known themselves.</param>
/// <param name="Tags">Its tags.</param>
public sealed record EntityData(EntityUid Uid, ValueRecord Attributes, ImmutableArray<EntityUid> Parents, ValueRecord Tags)
{
    public bool Equals(EntityData? other) => other is not null && Uid.Equals(other.Uid) && Attributes.Equals(other.Attributes) && Tags.Equals(other.Tags)
        && Parents.ToHashSet().SetEquals(other.Parents);

    public override int GetHashCode() => Uid.GetHashCode();
}
