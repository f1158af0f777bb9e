using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Validation;

/// <content>Boolean operators and <c>if</c>: what they let us know, and what they keep from being evaluated.</content>
internal sealed partial class TypeCheck
{
    private Answer And(AndExpression and, Capabilities known)
    {
        Answer left = Expect(and.Left, known, BooleanType.Any);
        if (left.IsFalse) return Answer.Of(BooleanType.False).After(left);
        Answer right = Expect(and.Right, known.And(left.Learned), BooleanType.Any);
        return And(left, right);
    }

    /// <summary>A side that is always true leaves the type to the other; what both learned is known where both hold.</summary>
    private static Answer And(Answer left, Answer right)
    {
        if (left.Type is null || right.Type is null) return Answer.Unsound(BooleanType.Any);
        Answer joined = (left, right) switch
        {
            (_, { IsFalse: true }) => Answer.Of(BooleanType.False),
            (_, { IsTrue: true }) => Answer.Of(left.Type, left.Learned.And(right.Learned)),
            ({ IsTrue: true }, _) => Answer.Of(right.Type, right.Learned),
            _ => Answer.Of(BooleanType.Any, left.Learned.And(right.Learned)),
        };
        return joined.After(left, right);
    }

    private Answer Or(OrExpression or, Capabilities known)
    {
        Answer left = Expect(or.Left, known, BooleanType.Any);
        if (left.IsTrue) return left;
        Answer right = Expect(or.Right, known, BooleanType.Any);
        if (left.Type is null || right.Type is null) return Answer.Unsound(BooleanType.Any);
        Answer joined = (left, right) switch
        {
            (_, { IsTrue: true }) => right,
            (_, { IsFalse: true }) => left,
            ({ IsFalse: true }, _) => right,
            _ => Answer.Of(BooleanType.Any, left.Learned.Or(right.Learned)),
        };
        return joined.After(left, right);
    }

    private static Answer Not(Answer operand) => operand.Type switch
    {
        BooleanType { Value: { } value } => Answer.Of(BooleanType.Of(!value)).After(operand),
        null => Answer.Unsound(BooleanType.Any),
        _ => Answer.Of(BooleanType.Any).After(operand),
    };

    private Answer Conditional(ConditionalExpression conditional, Capabilities known)
    {
        Answer test = Expect(conditional.Test, known, BooleanType.Any);
        if (test.IsFalse) return Check(conditional.Else, known).After(test);

        Answer then = Check(conditional.Then, known.And(test.Learned));
        if (then.IsSound) then = then with { Learned = then.Learned.And(test.Learned) };
        if (test.IsTrue) return then.After(test);

        Answer otherwise = Check(conditional.Else, known);
        if (then.Type is null || otherwise.Type is null) return Answer.Unsound();
        if (_lattice.Join(then.Type, otherwise.Type) is not { } type)
        {
            _findings.Add($"both branches of an if must be of one type, not {then.Type} and {otherwise.Type}", conditional.Span);
            return Answer.Unsound();
        }

        return Answer.Of(type, then.Learned.Or(otherwise.Learned)).After(test).After(then, otherwise);
    }
}
