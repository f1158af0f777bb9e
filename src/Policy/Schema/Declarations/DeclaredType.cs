using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Declarations;

/// <summary>A type as written, its names not yet resolved. Never deeper than <see cref="SchemaLimits.MaxNesting"/>.</summary>
internal abstract record DeclaredType(SourceSpan Span);
