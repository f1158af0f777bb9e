using System.Runtime.CompilerServices;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>
/// Checks the types of one policy in one request environment after the other. It follows the rules of the reference's strict mode to the letter, including
/// that operands which are never evaluated are not looked at. Cedar docs, "Cedar policy validation against schema".
/// </summary>
internal sealed partial class TypeCheck
{
    private readonly PolicySchema _schema;
    private readonly PolicyFindings _findings;
    private readonly StepBudget _budget;
    private readonly ExpressionShapes _shapes = new();
    private readonly TypeLattice _lattice;
    private readonly Dictionary<string, EntityReferenceType> _references = new(StringComparer.Ordinal);
    private RequestEnvironment _environment;

    private TypeCheck(PolicySchema schema, PolicyFindings findings, StepBudget budget)
    {
        _schema = schema;
        _findings = findings;
        _budget = budget;
        _lattice = new TypeLattice(budget);
        _environment = null!;
    }

    /// <summary>Reports errors; returns whether the policy can apply to any request at all.</summary>
    public static bool Check(PolicyStatement policy, PolicySchema schema, PolicyFindings findings, StepBudget budget)
    {
        TypeCheck check = new(schema, findings, budget);
        bool applies = false;
        bool sound = true;
        foreach (RequestEnvironment environment in RequestEnvironments.Of(policy, schema))
        {
            check._environment = environment;
            Answer answer = check.Policy(policy);
            applies |= !answer.IsFalse;
            sound &= answer.IsSound || answer.IsFalse;
            if (budget.TrySpend()) continue;
            findings.Add("checking this policy takes too long: it is too large for so many kinds of requests", policy.Span);
            return true;
        }

        if (!sound && findings.Count == 0) findings.Add("this policy could not be checked", policy.Span);
        return applies;
    }

    /// <summary>Scope and conditions, joined by <c>&amp;&amp;</c>: a loop, since a policy may have any number of conditions.</summary>
    private Answer Policy(PolicyStatement policy)
    {
        Capabilities known = Capabilities.None;
        bool sound = true;
        bool typed = true;
        foreach (Answer part in Parts(policy, () => known))
        {
            if (part.IsFalse) return new Answer(sound && part.IsSound, typed ? BooleanType.False : BooleanType.Any, Capabilities.None);
            sound &= part.IsSound;
            typed &= part.Type is not null;
            known = known.And(part.Learned);
        }

        return new Answer(sound, BooleanType.Any, Capabilities.None);
    }

    private IEnumerable<Answer> Parts(PolicyStatement policy, Func<Capabilities> known)
    {
        yield return Scope(PolicyVariable.Principal, policy.Principal, _environment.PrincipalSlot);
        yield return Scope(PolicyVariable.Action, policy.Action, null);
        yield return Scope(PolicyVariable.Resource, policy.Resource, _environment.ResourceSlot);
        foreach (PolicyCondition condition in policy.Conditions)
        {
            Answer body = Expect(condition.Body, known(), BooleanType.Any);
            yield return condition.Kind == ConditionKind.When ? body : Not(body);
        }
    }

    // Optimised at once: unoptimised, its frame holds a slot for every case, and the stack must hold one for each level.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Answer Check(Expression expression, Capabilities known)
    {
        if (!_budget.TrySpend()) return Answer.Unsound();
        return expression switch
        {
            BooleanLiteral literal => Answer.Of(BooleanType.Of(literal.Value)),
            LongLiteral => Answer.Of(LongType.Instance),
            StringLiteral => Answer.Of(StringType.Instance),
            EntityLiteral literal => Literal(literal.Uid),
            VariableExpression variable => Answer.Of(TypeOf(variable.Variable)),
            AndExpression and => And(and, known),
            OrExpression or => Or(or, known),
            ConditionalExpression conditional => Conditional(conditional, known),
            UnaryExpression unary => Unary(unary, known),
            BinaryExpression binary => Binary(binary, known),
            AttributeExpression attribute => Attribute(attribute, known),
            HasExpression has => Has(has, known),
            LikeExpression like => Answer.Of(BooleanType.Any).After(Expect(like.Operand, known, StringType.Instance)),
            IsExpression type => Is(type, known),
            SetExpression set => Set(set, known),
            RecordExpression record => Record(record, known),
            ExtensionCall call => Call(call, known),
            _ => throw new ArgumentOutOfRangeException(nameof(expression)),
        };
    }

    private CedarType TypeOf(PolicyVariable variable) => variable switch
    {
        PolicyVariable.Principal => Reference(_environment.PrincipalType),
        PolicyVariable.Action => Reference(_environment.Action.Uid.Type),
        PolicyVariable.Resource => Reference(_environment.ResourceType),
        PolicyVariable.Context => _environment.Action.Context,
        _ => throw new ArgumentOutOfRangeException(nameof(variable)),
    };

    /// <summary>What is not declared is unsound; <see cref="NameCheck"/> has reported it.</summary>
    private Answer Literal(EntityUid uid)
    {
        bool declared = Names.IsActionType(uid.Type) ? _schema.FindAction(uid) is not null : _schema.FindEntityType(uid.Type) is not null;
        return declared ? Answer.Of(Reference(uid.Type)) : Answer.Unsound();
    }

    private EntityReferenceType Reference(string name)
    {
        if (!_references.TryGetValue(name, out EntityReferenceType? type)) _references.Add(name, type = new EntityReferenceType(name));
        return type;
    }
}
