using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>Decides as the definition says: every policy by itself, its scope written as a condition, so that no index chooses among them.</summary>
internal static class Naive
{
    public static Outcome Decide(IEnumerable<PolicyStatement> policies, AuthorizationRequest request, EntityStore entities)
    {
        List<string> permits = [], forbids = [];
        List<PolicyError> errors = [];
        foreach (PolicyStatement policy in policies)
        {
            AuthorizationDecision alone = PolicySet.Compile([WithoutScope(policy)]).Decide(request, entities);
            (policy.Effect == PolicyEffect.Permit ? permits : forbids).AddRange(alone.Reasons);
            errors.AddRange(alone.Errors);
        }

        bool isAllowed = forbids.Count == 0 && permits.Count > 0;
        return Outcome.Of(isAllowed, isAllowed ? permits : forbids, errors);
    }

    private static PolicyStatement WithoutScope(PolicyStatement policy) => policy with
    {
        Principal = new AnyConstraint(policy.Span),
        Action = new AnyConstraint(policy.Span),
        Resource = new AnyConstraint(policy.Span),
        Conditions =
        [
            Condition(PolicyVariable.Principal, policy.Principal), Condition(PolicyVariable.Action, policy.Action), Condition(PolicyVariable.Resource, policy.Resource),
            .. policy.Conditions,
        ],
    };

    private static PolicyCondition Condition(PolicyVariable variable, ScopeConstraint constraint)
    {
        SourceSpan span = constraint.Span;
        VariableExpression subject = new(variable, span);
        Expression body = constraint switch
        {
            EqualConstraint equal => new BinaryExpression(BinaryOperator.Equal, subject, Literal(equal.Entity), span),
            InConstraint within => new BinaryExpression(BinaryOperator.In, subject, Literal(within.Entity), span),
            InSetConstraint set => new BinaryExpression(BinaryOperator.In, subject, new SetExpression([.. set.Entities.Select(uid => new EntityLiteral(uid, span))], span), span),
            IsConstraint type => new IsExpression(subject, type.EntityType, type.In is null ? null : Literal(type.In), span),
            _ => new BooleanLiteral(true, span),
        };
        return new PolicyCondition(ConditionKind.When, body, span);
    }

    private static EntityLiteral Literal(EntityReference reference) => new(reference.Uid!, reference.Span);
}
