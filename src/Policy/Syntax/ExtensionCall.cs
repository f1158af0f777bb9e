using System.Collections.Immutable;
using Spiffe.Agent.Policy.Extensions;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>
/// <c>ip("::1")</c> or <c>x.isInRange(y)</c>; the receiver of a method is its first argument. The parser knows the function's name and style, not the number of
/// arguments: a wrong number is an evaluation error, as in the reference.
/// </summary>
public sealed record ExtensionCall(ExtensionFunction Function, ImmutableArray<Expression> Arguments, SourceSpan Span) : Expression(Span, 1 + Deepest(Arguments));
