using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>Some action must apply to what the scope of a policy leaves of principals and resources.</summary>
internal static class ApplicationCheck
{
    public static void Check(PolicyStatement policy, PolicySchema schema, PolicyFindings findings)
    {
        Func<string, bool> principals = Matching(policy.Principal, schema);
        Func<string, bool> resources = Matching(policy.Resource, schema);
        bool applies = Actions(policy.Action, schema).Any(action => action.PrincipalTypes.Any(principals) && action.ResourceTypes.Any(resources));
        if (!applies) findings.Add("no action applies to the principals and resources that the scope of this policy allows", policy.Span);
    }

    /// <summary>Actions that the constraint allows; none at all where it names one that is not declared.</summary>
    private static IEnumerable<SchemaAction> Actions(ScopeConstraint constraint, PolicySchema schema)
    {
        switch (constraint)
        {
            case AnyConstraint:
                return schema.Actions;
            case EqualConstraint { Entity.Uid: { } uid }:
                return schema.FindAction(uid) is { } equal ? [equal] : [];
            case InConstraint { Entity.Uid: { } uid }:
                return Below([schema.FindAction(uid)], schema);
            case InSetConstraint set:
                return Below([.. set.Entities.Select(schema.FindAction)], schema);
            default:
                return [];
        }
    }

    private static IEnumerable<SchemaAction> Below(SchemaAction?[] groups, PolicySchema schema) =>
        Array.Exists(groups, group => group is null) ? []
        : groups.OfType<SchemaAction>().SelectMany(group => group.Descendants.Append(group.Uid)).Distinct().Select(schema.FindAction).OfType<SchemaAction>();

    /// <summary>Whether an entity of a declared type may satisfy the constraint.</summary>
    private static Func<string, bool> Matching(ScopeConstraint constraint, PolicySchema schema) => constraint switch
    {
        EqualConstraint { Entity.Uid: { } uid } => type => Same(type, uid.Type),
        InConstraint { Entity.Uid: { } uid } => type => IsIn(type, uid.Type, schema),
        IsConstraint { In.Uid: { } uid } isIn => type => Same(type, isIn.EntityType) && IsIn(type, uid.Type, schema),
        IsConstraint only => type => Same(type, only.EntityType),
        _ => _ => true,
    };

    private static bool IsIn(string type, string ancestor, PolicySchema schema) =>
        Same(type, ancestor) || (schema.FindEntityType(ancestor)?.Descendants.Contains(type) ?? false);

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);
}
