using Spiffe.Agent.Policy.Schema;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>One kind of request that a schema allows, and for a template the types of what fills its slots.</summary>
/// <param name="PrincipalType">The principal's entity type.</param>
/// <param name="Action">The action.</param>
/// <param name="ResourceType">The resource's entity type.</param>
/// <param name="PrincipalSlot">Type of the entity in <c>?principal</c>, or null where there is no such slot.</param>
/// <param name="ResourceSlot">Type of the entity in <c>?resource</c>, or null where there is no such slot.</param>
internal sealed record RequestEnvironment(string PrincipalType, SchemaAction Action, string ResourceType, string? PrincipalSlot, string? ResourceSlot);
