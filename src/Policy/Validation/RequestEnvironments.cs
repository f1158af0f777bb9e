using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>All request environments that a policy is checked against.</summary>
internal static class RequestEnvironments
{
    public static IEnumerable<RequestEnvironment> Of(PolicyStatement policy, PolicySchema schema) =>
        from action in schema.Actions
        from principal in action.PrincipalTypes
        from resource in action.ResourceTypes
        from principalSlot in SlotTypes(policy.Principal, principal, schema)
        from resourceSlot in SlotTypes(policy.Resource, resource, schema)
        select new RequestEnvironment(principal, action, resource, principalSlot, resourceSlot);

    /// <summary>Types with which the slot of a constraint can be filled so that an entity of that type may satisfy it; one null where it has no slot.</summary>
    private static IEnumerable<string?> SlotTypes(ScopeConstraint constraint, string type, PolicySchema schema)
    {
        if (PolicyStatement.SlotOf(constraint) is null) return [null];
        if (constraint is EqualConstraint) return [type];
        return (schema.FindEntityType(type)?.Ancestors ?? []).Append(type).Distinct(StringComparer.Ordinal);
    }
}
