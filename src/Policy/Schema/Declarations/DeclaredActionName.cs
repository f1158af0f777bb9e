using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Declarations;

/// <summary>A reference to an action: <c>"view"</c>, which is of type <c>Action</c>, or <c>App::Action::"view"</c>.</summary>
internal sealed record DeclaredActionName(DeclaredName? Type, string Id, SourceSpan Span);
