using System.Collections.Frozen;
using System.Collections.Immutable;
using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Schema;

/// <summary>An action or a group of actions, all names resolved.</summary>
/// <param name="Uid">Its name.</param>
/// <param name="PrincipalTypes">Entity types of principals that it applies to; they differ.</param>
/// <param name="ResourceTypes">Entity types of resources that it applies to; they differ.</param>
/// <param name="Context">What the context holds, and nothing else.</param>
/// <param name="Ancestors">Groups that it is in, at any distance.</param>
/// <param name="Descendants">Actions that are in it, at any distance.</param>
internal sealed record SchemaAction(
    EntityUid Uid,
    ImmutableArray<string> PrincipalTypes,
    ImmutableArray<string> ResourceTypes,
    RecordType Context,
    FrozenSet<EntityUid> Ancestors,
    FrozenSet<EntityUid> Descendants);
