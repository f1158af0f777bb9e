using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Declarations;

/// <summary>A name as written: <c>User</c> or <c>App::User</c>.</summary>
internal readonly record struct DeclaredName(string Text, SourceSpan Span)
{
    public bool IsQualified => Text.Contains("::", StringComparison.Ordinal);
}
