using System.Runtime.CompilerServices;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>
/// Turns a syntax tree into one that runs. Sets, records and extension calls of constants become constants, failures included; chains of <c>&amp;&amp;</c> and
/// <c>||</c> become one node. What an expression means does not change.
/// </summary>
internal static class ExpressionCompiler
{
    private static readonly EvaluationFrame Nothing = new(new EntityUid("", ""), new EntityUid("", ""), new EntityUid("", ""), ValueRecord.Empty, EntityStore.Empty);

    // Optimised at once: unoptimised, its frame holds a slot for every case, and the stack must hold one for each level.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static CompiledExpression Compile(Expression expression) => expression switch
    {
        BooleanLiteral literal => new ConstantNode(Value.Of(literal.Value), literal.Span),
        LongLiteral literal => new ConstantNode(Value.Of(literal.Value), literal.Span),
        StringLiteral literal => new ConstantNode(Value.Of(literal.Value), literal.Span),
        EntityLiteral literal => new ConstantNode(Value.Of(literal.Uid), literal.Span),
        VariableExpression variable => new VariableNode(variable.Variable, variable.Span),
        ConditionalExpression conditional =>
            new ConditionalNode(Compile(conditional.Test), Compile(conditional.Then), Compile(conditional.Else), conditional.Span),
        AndExpression and => new JunctionNode(Chain(and, static e => e is AndExpression { Left: var left, Right: var right } ? (left, right) : null), deciding: false, and.Span),
        OrExpression or => new JunctionNode(Chain(or, static e => e is OrExpression { Left: var left, Right: var right } ? (left, right) : null), deciding: true, or.Span),
        UnaryExpression unary => new UnaryNode(unary.Operator, Compile(unary.Operand), unary.Span),
        BinaryExpression binary => Compile(binary),
        AttributeExpression attribute => new AttributeNode(Compile(attribute.Operand), attribute.Name, attribute.Span),
        HasExpression has => new HasNode(Compile(has.Operand), has.Path, has.Span),
        LikeExpression like => new LikeNode(Compile(like.Operand), like.Pattern, like.Span),
        IsExpression type => Compile(type),
        SetExpression set => Compile(set),
        RecordExpression record => Compile(record),
        ExtensionCall call => Compile(call),
        _ => throw new InvalidOperationException($"no such expression: {expression.GetType().Name}"),
    };

    private static CompiledExpression Compile(BinaryExpression binary)
    {
        CompiledExpression left = Compile(binary.Left), right = Compile(binary.Right);
        return binary.Operator switch
        {
            BinaryOperator.Equal => new EqualityNode(left, right, wanted: true, binary.Span),
            BinaryOperator.NotEqual => new EqualityNode(left, right, wanted: false, binary.Span),
            BinaryOperator.In => new InNode(left, right, binary.Span),
            BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply => new ArithmeticNode(binary.Operator, left, right, binary.Span),
            BinaryOperator.Contains or BinaryOperator.ContainsAll or BinaryOperator.ContainsAny => new SetRelationNode(binary.Operator, left, right, binary.Span),
            BinaryOperator.GetTag => new TagNode(reads: true, left, right, binary.Span),
            BinaryOperator.HasTag => new TagNode(reads: false, left, right, binary.Span),
            _ => new ComparisonNode(binary.Operator, left, right, binary.Span),
        };
    }

    private static IsNode Compile(IsExpression type)
    {
        CompiledExpression operand = Compile(type.Operand);
        return new IsNode(operand, type.EntityType, type.In is null ? null : new InNode(operand, Compile(type.In), type.Span), type.Span);
    }

    private static CompiledExpression Compile(SetExpression set)
    {
        if (set.Elements.Length > ValueLimits.MaxElements) return Failing(EvaluationErrorKind.TooLarge, "a set has at most 100,000 elements", set.Span);
        CompiledExpression[] elements = [.. set.Elements.Select(Compile)];
        return Fold(new SetNode(elements, set.Span), elements, set.Span);
    }

    private static CompiledExpression Compile(RecordExpression record)
    {
        if (record.Fields.Length > ValueLimits.MaxFields) return Failing(EvaluationErrorKind.TooLarge, "a record has at most 100,000 fields", record.Span);
        RecordField[] sorted = [.. record.Fields.OrderBy(field => field.Name, StringComparer.Ordinal)];
        CompiledExpression[] fields = Array.ConvertAll(sorted, field => Compile(field.Value));
        return Fold(new RecordNode(Array.ConvertAll(sorted, field => field.Name), fields, record.Span), fields, record.Span);
    }

    private static CompiledExpression Compile(ExtensionCall call)
    {
        CompiledExpression[] arguments = [.. call.Arguments.Select(Compile)];
        ExtensionSignature signature = ExtensionFunctions.SignatureOf(call.Function);
        if (arguments.Length != signature.Parameters.Length)
        {
            string message = $"{signature.Name} takes {signature.Parameters.Length} arguments, its receiver counted, not {arguments.Length}";
            return Failing(EvaluationErrorKind.WrongArgumentCount, message, call.Span);
        }

        return Fold(new ExtensionNode(call.Function, arguments[0], arguments.Length > 1 ? arguments[1] : null, call.Span), arguments, call.Span);
    }

    private static ConstantNode Failing(EvaluationErrorKind kind, string message, SourceSpan span) => new(Value.Of(new EvaluationError(kind, message, span)), span);

    /// <summary>The node's value where all its operands are constants.</summary>
    private static CompiledExpression Fold(CompiledExpression node, CompiledExpression[] operands, SourceSpan span) =>
        Array.TrueForAll(operands, operand => operand is ConstantNode) ? new ConstantNode(node.Evaluate(Nothing), span) : node;

    /// <summary>The operands of a chain of one operator, however it is nested: it is associative, errors included.</summary>
    private static CompiledExpression[] Chain(Expression root, Func<Expression, (Expression Left, Expression Right)?> split)
    {
        List<CompiledExpression> operands = [];
        Stack<Expression> waiting = new([root]);
        while (waiting.TryPop(out Expression? next))
        {
            if (split(next) is { } pair)
            {
                waiting.Push(pair.Right);
                waiting.Push(pair.Left);
            }
            else
            {
                operands.Add(Compile(next));
            }
        }

        return [.. operands];
    }
}
