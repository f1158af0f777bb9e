using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>An evaluation that failed.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Message">What happened, as one sentence without a full stop.</param>
/// <param name="Span">The expression that failed.</param>
public sealed record EvaluationError(EvaluationErrorKind Kind, string Message, SourceSpan Span);
