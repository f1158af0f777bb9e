using System.Collections.Immutable;
using Spiffe.Agent.Policy.Schema.Declarations;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Text;

/// <summary>
/// Reads the human-readable form of schemas: one token ahead, nesting bounded. After a fault it goes on behind the next semicolon, so one run reports the
/// faults of all declarations. A method that returns null has reported why. Cedar docs, "Human-readable schema grammar".
/// </summary>
internal sealed partial class SchemaParser
{
    private readonly SchemaLexer _lexer;
    private readonly SchemaNotices _notices;
    private SchemaToken _next;

    private SchemaParser(string source, SchemaNotices notices)
    {
        _notices = notices;
        _lexer = new SchemaLexer(source, notices);
        _next = _lexer.Next();
    }

    /// <summary>What the text declares; what could not be read is missing and reported.</summary>
    public static ImmutableArray<DeclaredNamespace> Parse(string source, SchemaNotices notices)
    {
        if (source.Length > SchemaLimits.MaxSourceLength)
        {
            notices.Error($"a schema has at most {SchemaLimits.MaxSourceLength} characters", new SourceSpan(0, 0));
            return [];
        }

        return new SchemaParser(source, notices).Schema();
    }

    private ImmutableArray<DeclaredNamespace> Schema()
    {
        ImmutableArray<DeclaredNamespace>.Builder namespaces = ImmutableArray.CreateBuilder<DeclaredNamespace>();
        DeclarationList outside = new();
        while (_next.Kind != SchemaTokenKind.End && !_notices.IsFull)
        {
            bool annotated = Annotations();
            if (annotated && _next.Is("namespace"))
            {
                if (Namespace() is { } declared) namespaces.Add(declared);
            }
            else if (!annotated || !Declaration(outside))
            {
                Recover(insideNamespace: false);
            }
        }

        if (!outside.IsEmpty) namespaces.Add(outside.Close(new DeclaredName("", default)));
        return namespaces.ToImmutable();
    }

    /// <summary><c>namespace Path { … }</c></summary>
    private DeclaredNamespace? Namespace()
    {
        Take();
        DeclaredName? name = Path();
        if (name is null || !Expect(SchemaTokenKind.LeftBrace, "{"))
        {
            Recover(insideNamespace: false);
            return null;
        }

        DeclarationList inside = new();
        while (_next.Kind is not (SchemaTokenKind.RightBrace or SchemaTokenKind.End) && !_notices.IsFull)
        {
            if (!Annotations() || !Declaration(inside)) Recover(insideNamespace: true);
        }

        if (!_notices.IsFull) Expect(SchemaTokenKind.RightBrace, "}");
        return inside.Close(name.Value);
    }

    private bool Declaration(DeclarationList declarations) => _next switch
    {
        _ when _next.Is("entity") => Entity(declarations),
        _ when _next.Is("action") => Action(declarations),
        _ when _next.Is("type") => CommonType(declarations),
        _ => Unexpected("entity, action, type or namespace"),
    };

    /// <summary><c>type Name = Type;</c></summary>
    private bool CommonType(DeclarationList declarations)
    {
        Take();
        if (Identifier("a name") is not { } name || !Expect(SchemaTokenKind.EqualSign, "=")) return false;
        if (Type(0) is not { } type || !Expect(SchemaTokenKind.Semicolon, ";")) return false;
        declarations.CommonTypes.Add(new DeclaredCommonType(name, type));
        return true;
    }

    /// <summary><c>@name("value")</c>, any number. They mean nothing to validation and are not kept.</summary>
    private bool Annotations()
    {
        HashSet<string>? names = null;
        while (_next.Kind == SchemaTokenKind.At)
        {
            Take();
            SchemaToken name = _next;
            if (!Expect(SchemaTokenKind.Identifier, "an annotation's name")) return false;
            if (!(names ??= new HashSet<string>(StringComparer.Ordinal)).Add(name.Text)) _notices.Error($"annotation {name.Text} stands twice", name.Span);
            if (!Accept(SchemaTokenKind.LeftParenthesis)) continue;
            if (!Expect(SchemaTokenKind.String, "a string") || !Expect(SchemaTokenKind.RightParenthesis, ")")) return false;
        }

        return true;
    }

    /// <summary>Skips what cannot be read: to behind the next semicolon, or to the end of the namespace.</summary>
    private void Recover(bool insideNamespace)
    {
        int depth = 0;
        while (_next.Kind != SchemaTokenKind.End && !_notices.IsFull)
        {
            SchemaTokenKind kind = _next.Kind;
            if (kind == SchemaTokenKind.RightBrace && depth == 0 && insideNamespace) return;
            Take();
            if (kind == SchemaTokenKind.Semicolon) return;
            if (kind == SchemaTokenKind.LeftBrace) depth++;
            if (kind == SchemaTokenKind.RightBrace) depth = Math.Max(0, depth - 1);
        }
    }

    private SchemaToken Take()
    {
        SchemaToken taken = _next;
        _next = _lexer.Next();
        return taken;
    }

    private bool Accept(SchemaTokenKind kind)
    {
        if (_next.Kind != kind) return false;
        Take();
        return true;
    }

    private bool Expect(SchemaTokenKind kind, string what) => Accept(kind) || Unexpected(what);

    /// <summary>Always false.</summary>
    private bool Unexpected(string expected)
    {
        if (_next.Kind == SchemaTokenKind.End) _notices.Error($"the schema ends where {expected} is expected", _next.Span);
        else if (_next.Kind != SchemaTokenKind.Unknown) _notices.Error($"{expected} is expected here", _next.Span);
        return false;
    }
}
