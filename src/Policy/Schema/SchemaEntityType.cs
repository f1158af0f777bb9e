using System.Collections.Frozen;
using Spiffe.Agent.Policy.Schema.Types;

namespace Spiffe.Agent.Policy.Schema;

/// <summary>An entity type, all names resolved.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Attributes">What its entities hold, and nothing else.</param>
/// <param name="Tags">The type of tags' values, or null where its entities have no tags.</param>
/// <param name="Ids">All ids there are, or null where any may be.</param>
/// <param name="Ancestors">Types of which its entities may be members, at any distance.</param>
/// <param name="Descendants">Types whose entities may be members of its own, at any distance.</param>
internal sealed record SchemaEntityType(
    string Name,
    RecordType Attributes,
    CedarType? Tags,
    FrozenSet<string>? Ids,
    FrozenSet<string> Ancestors,
    FrozenSet<string> Descendants);
