using Spiffe.Agent.Policy.Schema.Types;

namespace Spiffe.Agent.Policy.Schema.Resolution;

/// <summary>What a name refers to: a built-in type, a common type or else an entity type.</summary>
/// <param name="Name">The full name.</param>
/// <param name="BuiltIn">The built-in type, or null.</param>
/// <param name="IsCommonType">Whether it is a common type.</param>
internal sealed record NameResolution(string Name, CedarType? BuiltIn, bool IsCommonType);
