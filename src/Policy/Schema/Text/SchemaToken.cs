using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Text;

/// <summary>A token of schema text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">An identifier, or a string with its escapes resolved; empty for the rest.</param>
/// <param name="Span">Where it stands.</param>
internal readonly record struct SchemaToken(SchemaTokenKind Kind, string Text, SourceSpan Span)
{
    public bool Is(string keyword) => Kind == SchemaTokenKind.Identifier && string.Equals(Text, keyword, StringComparison.Ordinal);
}
