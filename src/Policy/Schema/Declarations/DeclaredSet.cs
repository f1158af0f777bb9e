using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Declarations;

/// <summary><c>Set&lt;Element&gt;</c></summary>
internal sealed record DeclaredSet(DeclaredType Element, SourceSpan Span) : DeclaredType(Span);
