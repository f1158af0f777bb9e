using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Declarations;

/// <summary>A type of the language, which no declaration can shadow. Only the JSON form writes those.</summary>
internal sealed record DeclaredBuiltIn(CedarType Type, SourceSpan Span) : DeclaredType(Span);
