using Spiffe.Agent.Policy.Schema.Declarations;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Text;

/// <content>Types.</content>
internal sealed partial class SchemaParser
{
    /// <summary><c>Path</c>, <c>Set&lt;Type&gt;</c> or <c>{ … }</c>.</summary>
    /// <param name="nesting">How many types it stands within.</param>
    private DeclaredType? Type(int nesting)
    {
        if (nesting >= SchemaLimits.MaxNesting)
        {
            _notices.Error($"types stand within each other at most {SchemaLimits.MaxNesting} deep", _next.Span);
            return null;
        }

        if (_next.Kind == SchemaTokenKind.LeftBrace) return Record(nesting);
        SourceSpan start = _next.Span;
        bool maybeSet = _next.Is("Set");
        if (Path() is not { } path) return null;
        if (!maybeSet || path.IsQualified || !Accept(SchemaTokenKind.Less)) return new DeclaredReference(path, ReferenceKind.Either);
        if (Type(nesting + 1) is not { } element) return null;
        SourceSpan end = _next.Span;
        return Expect(SchemaTokenKind.Greater, ">") ? new DeclaredSet(element, SourceSpan.Between(start, end)) : null;
    }

    /// <summary><c>{ name: Type, "other name"?: Type, }</c></summary>
    private DeclaredRecord? Record(int nesting)
    {
        SourceSpan start = Take().Span;
        List<DeclaredField> fields = [];
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        while (_next.Kind != SchemaTokenKind.RightBrace)
        {
            if (Field(nesting) is not { } field) return null;
            Add(field, fields, places);
            if (!Accept(SchemaTokenKind.Comma)) break;
        }

        SourceSpan end = _next.Span;
        return Expect(SchemaTokenKind.RightBrace, "}") ? new DeclaredRecord([.. fields], SourceSpan.Between(start, end)) : null;
    }

    private DeclaredField? Field(int nesting)
    {
        if (!Annotations() || AnyName("an attribute's name") is not { } name) return null;
        bool required = !Accept(SchemaTokenKind.Question);
        if (!Expect(SchemaTokenKind.Colon, ":") || Type(nesting + 1) is not { } type) return null;
        return new DeclaredField(name.Text, type, required, name.Span);
    }

    /// <summary>Of two attributes of one name the later counts, as in the reference.</summary>
    private void Add(DeclaredField field, List<DeclaredField> fields, Dictionary<string, int> places)
    {
        if (places.TryAdd(field.Name, fields.Count))
        {
            fields.Add(field);
            return;
        }

        _notices.Warning($"attribute {StringEscape.Quote(field.Name)} is declared twice; this declaration counts", field.Span);
        fields[places[field.Name]] = field;
    }
}
