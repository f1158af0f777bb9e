namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>if test then … else …</c></summary>
public sealed record ConditionalExpression(Expression Test, Expression Then, Expression Else, SourceSpan Span)
    : Expression(Span, 1 + Math.Max(Test.Depth, Math.Max(Then.Depth, Else.Depth)));
