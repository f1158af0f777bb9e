using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Declarations;

/// <summary>An attribute of a <see cref="DeclaredRecord"/>.</summary>
internal sealed record DeclaredField(string Name, DeclaredType Type, bool IsRequired, SourceSpan Span);
