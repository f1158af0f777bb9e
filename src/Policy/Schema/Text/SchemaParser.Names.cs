using System.Collections.Immutable;
using Spiffe.Agent.Policy.Schema.Declarations;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Text;

/// <content>Names, paths and lists of them.</content>
internal sealed partial class SchemaParser
{
    /// <summary>An identifier that is no reserved word of policies; schema keywords may be names.</summary>
    private DeclaredName? Identifier(string what)
    {
        if (_next.Kind != SchemaTokenKind.Identifier)
        {
            Unexpected(what);
            return null;
        }

        if (SchemaNames.IsReservedWord(_next.Text))
        {
            _notices.Error($"{_next.Text} is a reserved word and cannot be {what}", _next.Span);
            return null;
        }

        SchemaToken token = Take();
        return new DeclaredName(token.Text, token.Span);
    }

    /// <summary>An identifier or a string.</summary>
    private DeclaredName? AnyName(string what)
    {
        if (_next.Kind != SchemaTokenKind.String) return Identifier(what);
        SchemaToken token = Take();
        return new DeclaredName(token.Text, token.Span);
    }

    /// <summary><c>A::B::C</c></summary>
    private DeclaredName? Path()
    {
        DeclaredName? name = Identifier("a name");
        while (name is { } path && Accept(SchemaTokenKind.DoubleColon)) name = Append(path, Identifier("a name"));
        return name;
    }

    /// <summary><c>"view"</c>, <c>view</c> or <c>App::Action::"view"</c>.</summary>
    private DeclaredActionName? ActionName()
    {
        if (_next.Kind == SchemaTokenKind.String)
        {
            SchemaToken bare = Take();
            return new DeclaredActionName(null, bare.Text, bare.Span);
        }

        DeclaredName? path = Identifier("an action");
        while (path is { } type && Accept(SchemaTokenKind.DoubleColon))
        {
            if (_next.Kind == SchemaTokenKind.String)
            {
                SchemaToken id = Take();
                return new DeclaredActionName(type, id.Text, SourceSpan.Between(type.Span, id.Span));
            }

            path = Append(type, Identifier("a name"));
        }

        if (path is not { } name) return null;
        if (!name.IsQualified) return new DeclaredActionName(null, name.Text, name.Span);
        Unexpected("::");
        return null;
    }

    private static DeclaredName? Append(DeclaredName path, DeclaredName? part) =>
        part is { } last ? new DeclaredName($"{path.Text}::{last.Text}", SourceSpan.Between(path.Span, last.Span)) : null;

    /// <summary>One, or several in brackets; the list in brackets may be empty.</summary>
    private ImmutableArray<DeclaredName>? PathOrPaths()
    {
        if (_next.Kind != SchemaTokenKind.LeftBracket) return Path() is { } path ? [path] : null;
        Take();
        if (Accept(SchemaTokenKind.RightBracket)) return [];
        return List(Path, SchemaTokenKind.RightBracket, "]");
    }

    /// <summary>Values with a comma between each two, up to the token that closes them, which is taken.</summary>
    private ImmutableArray<T>? List<T>(Func<T?> read, SchemaTokenKind close, string closing)
        where T : struct
    {
        ImmutableArray<T>.Builder values = ImmutableArray.CreateBuilder<T>();
        do
        {
            if (read() is not { } value) return null;
            values.Add(value);
        }
        while (Accept(SchemaTokenKind.Comma));

        return Expect(close, closing) ? values.ToImmutable() : null;
    }
}
