using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>Every entity type and every action that a policy names must be declared, and every id of an enumerated entity type listed.</summary>
internal sealed class NameCheck(PolicySchema schema, PolicyFindings findings)
{
    public static void Check(PolicyStatement policy, PolicySchema schema, PolicyFindings findings)
    {
        NameCheck check = new(schema, findings);
        check.Constraint(policy.Principal);
        check.Constraint(policy.Action);
        check.Constraint(policy.Resource);
        foreach (PolicyCondition condition in policy.Conditions) check.Walk(condition.Body);
    }

    private void Constraint(ScopeConstraint constraint)
    {
        switch (constraint)
        {
            case EqualConstraint equal:
                Reference(equal.Entity);
                break;
            case InConstraint within:
                Reference(within.Entity);
                break;
            case IsConstraint type:
                Type(type.EntityType, type.Span);
                if (type.In is { } container) Reference(container);
                break;
            case InSetConstraint set:
                foreach (EntityUid uid in set.Entities) Entity(uid, set.Span);
                break;
        }
    }

    private void Reference(EntityReference reference)
    {
        if (reference.Uid is { } uid) Entity(uid, reference.Span);
    }

    private void Walk(Expression expression)
    {
        if (expression is EntityLiteral literal) Entity(literal.Uid, literal.Span);
        if (expression is IsExpression type) Type(type.EntityType, type.Span);
        foreach (Expression operand in ExpressionParts.Of(expression)) Walk(operand);
    }

    private void Type(string name, SourceSpan span)
    {
        if (!Names.IsActionType(name) && schema.FindEntityType(name) is null) findings.Add($"entity type {name} is not declared", span);
    }

    private void Entity(EntityUid uid, SourceSpan span)
    {
        if (Names.IsActionType(uid.Type))
        {
            if (schema.FindAction(uid) is null) findings.Add($"action {uid} is not declared", span);
        }
        else if (schema.FindEntityType(uid.Type) is not { } type)
        {
            findings.Add($"entity type {uid.Type} is not declared", span);
        }
        else if (type.Ids is { } ids && !ids.Contains(uid.Id))
        {
            findings.Add($"entity type {uid.Type} has no entity {StringEscape.Quote(uid.Id)}", span);
        }
    }
}
