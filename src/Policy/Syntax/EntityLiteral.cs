using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>App::User::"alice"</c></summary>
public sealed record EntityLiteral(EntityUid Uid, SourceSpan Span) : Expression(Span, 1);
