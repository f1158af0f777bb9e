using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>
/// An expression made ready to run: names resolved, constants folded. It never throws; a failure is a value that holds an <see cref="EvaluationError"/>, and
/// operators pass it on. Its depth is that of the syntax tree, so recursion is bounded by <see cref="SyntaxLimits.MaxDepth"/>.
/// </summary>
internal abstract class CompiledExpression(SourceSpan span)
{
    /// <summary>Where the expression was written.</summary>
    protected SourceSpan Span { get; } = span;

    /// <summary>The value, or a failure.</summary>
    public abstract Value Evaluate(in EvaluationFrame frame);

    /// <summary>A failure of this expression.</summary>
    protected Value Fail(EvaluationErrorKind kind, string message) => Value.Of(new EvaluationError(kind, message, Span));

    /// <summary>The failure that the value is, or else that it has another type than the one wanted.</summary>
    protected Value WrongType(Value value, string wanted) =>
        value.IsFailure ? value : Fail(EvaluationErrorKind.WrongType, $"expected {wanted}, got {KindNames.Of(value.Kind)}");
}
