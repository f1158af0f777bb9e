using System.Collections.Immutable;
using Spiffe.Agent.Policy.Schema.Declarations;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Text;

/// <content>Entity types.</content>
internal sealed partial class SchemaParser
{
    /// <summary><c>entity A, B in [C] = { … } tags String;</c> or <c>entity A enum ["x", "y"];</c></summary>
    private bool Entity(DeclarationList declarations)
    {
        Take();
        if (EntityNames() is not { } names) return false;
        return _next.Is("enum") ? EnumeratedEntity(names, declarations) : StandardEntity(names, declarations);
    }

    private ImmutableArray<DeclaredName>? EntityNames()
    {
        ImmutableArray<DeclaredName>.Builder names = ImmutableArray.CreateBuilder<DeclaredName>();
        do
        {
            if (Identifier("an entity type's name") is not { } name) return null;
            names.Add(name);
        }
        while (Accept(SchemaTokenKind.Comma));
        return names.ToImmutable();
    }

    private bool EnumeratedEntity(ImmutableArray<DeclaredName> names, DeclarationList declarations)
    {
        SourceSpan span = Take().Span;
        if (!Expect(SchemaTokenKind.LeftBracket, "[")) return false;
        ImmutableArray<string>.Builder ids = ImmutableArray.CreateBuilder<string>();
        do
        {
            SchemaToken id = _next;
            if (!Expect(SchemaTokenKind.String, "a string")) return false;
            ids.Add(id.Text);
        }
        while (Accept(SchemaTokenKind.Comma));

        if (!Expect(SchemaTokenKind.RightBracket, "]") || !Expect(SchemaTokenKind.Semicolon, ";")) return false;
        ImmutableArray<string> all = ids.ToImmutable();
        foreach (DeclaredName name in names) declarations.Entities.Add(new DeclaredEntity(name, [], new DeclaredRecord([], span), null, all));
        return true;
    }

    private bool StandardEntity(ImmutableArray<DeclaredName> names, DeclarationList declarations)
    {
        ImmutableArray<DeclaredName> parents = [];
        if (_next.Is("in"))
        {
            Take();
            if (PathOrPaths() is not { } types) return false;
            parents = types;
        }

        DeclaredType? shape = new DeclaredRecord([], _next.Span);
        bool shapeFollows = Accept(SchemaTokenKind.EqualSign) || _next.Kind == SchemaTokenKind.LeftBrace;
        if (shapeFollows) shape = _next.Kind == SchemaTokenKind.LeftBrace ? Record(0) : Missing("{");
        if (shape is null) return false;

        DeclaredType? tags = null;
        if (_next.Is("tags"))
        {
            Take();
            if ((tags = Type(0)) is null) return false;
        }

        if (!Expect(SchemaTokenKind.Semicolon, ";")) return false;
        foreach (DeclaredName name in names) declarations.Entities.Add(new DeclaredEntity(name, parents, shape, tags, null));
        return true;
    }

    /// <summary>Always null.</summary>
    private DeclaredType? Missing(string expected)
    {
        Unexpected(expected);
        return null;
    }
}
