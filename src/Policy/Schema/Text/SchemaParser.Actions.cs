using System.Collections.Immutable;
using Spiffe.Agent.Policy.Schema.Declarations;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Text;

/// <content>Actions.</content>
internal sealed partial class SchemaParser
{
    /// <summary><c>action "view", edit in [all] appliesTo { … };</c></summary>
    private bool Action(DeclarationList declarations)
    {
        Take();
        if (ActionIds() is not { } ids) return false;

        ImmutableArray<DeclaredActionName> parents = [];
        if (_next.Is("in"))
        {
            Take();
            if (ActionParents() is not { } named) return false;
            parents = named;
        }

        AppliesTo? applies = new([], [], new DeclaredRecord([], _next.Span));
        if (_next.Is("appliesTo") && (applies = AppliesToBlock(ids[0])) is null) return false;
        if (!AttributesBlock() || !Expect(SchemaTokenKind.Semicolon, ";")) return false;
        foreach (DeclaredName id in ids)
            declarations.Actions.Add(new DeclaredAction(id.Text, id.Span, parents, applies.Principals, applies.Resources, applies.Context));
        return true;
    }

    private List<DeclaredName>? ActionIds()
    {
        List<DeclaredName> ids = [];
        do
        {
            if (AnyName("an action's name") is not { } id) return null;
            ids.Add(id);
        }
        while (Accept(SchemaTokenKind.Comma));
        return ids;
    }

    private ImmutableArray<DeclaredActionName>? ActionParents()
    {
        bool several = Accept(SchemaTokenKind.LeftBracket);
        ImmutableArray<DeclaredActionName>.Builder parents = ImmutableArray.CreateBuilder<DeclaredActionName>();
        do
        {
            if (ActionName() is not { } parent) return null;
            parents.Add(parent);
        }
        while (several && Accept(SchemaTokenKind.Comma));
        return !several || Expect(SchemaTokenKind.RightBracket, "]") ? parents.ToImmutable() : null;
    }

    /// <summary><c>attributes { }</c>: attributes of actions went out of the language; the empty block is still allowed.</summary>
    private bool AttributesBlock()
    {
        if (!_next.Is("attributes")) return true;
        Take();
        return Expect(SchemaTokenKind.LeftBrace, "{") && Expect(SchemaTokenKind.RightBrace, "}");
    }

    /// <summary><c>appliesTo { principal: …, resource: …, context: … }</c>; the first two must be there, each but once.</summary>
    private AppliesTo? AppliesToBlock(DeclaredName action)
    {
        SourceSpan span = Take().Span;
        if (!Expect(SchemaTokenKind.LeftBrace, "{")) return null;
        ImmutableArray<DeclaredName>? principals = null;
        ImmutableArray<DeclaredName>? resources = null;
        DeclaredType? context = null;
        do
        {
            SchemaToken keyword = _next;
            bool read = keyword switch
            {
                _ when keyword.Is("principal") => TypesOf(keyword, ref principals),
                _ when keyword.Is("resource") => TypesOf(keyword, ref resources),
                _ when keyword.Is("context") => ContextOf(ref context),
                _ => Unexpected("principal, resource or context"),
            };
            if (!read) return null;
        }
        while (Accept(SchemaTokenKind.Comma) && _next.Kind != SchemaTokenKind.RightBrace);

        if (!Expect(SchemaTokenKind.RightBrace, "}")) return null;
        if (principals is null) _notices.Error($"action {StringEscape.Quote(action.Text)} does not say to which principals it applies", span);
        if (resources is null) _notices.Error($"action {StringEscape.Quote(action.Text)} does not say to which resources it applies", span);
        return new AppliesTo(principals ?? [], resources ?? [], context ?? new DeclaredRecord([], span));
    }

    private bool TypesOf(SchemaToken keyword, ref ImmutableArray<DeclaredName>? types)
    {
        Take();
        if (!Expect(SchemaTokenKind.Colon, ":") || PathOrPaths() is not { } read) return false;
        if (types is not null) _notices.Error($"{keyword.Text} stands twice", keyword.Span);
        if (read.IsEmpty) _notices.Error($"at least one entity type is expected for {keyword.Text}", keyword.Span);
        types = read;
        return true;
    }

    private bool ContextOf(ref DeclaredType? context)
    {
        SourceSpan span = Take().Span;
        if (!Expect(SchemaTokenKind.Colon, ":")) return false;
        DeclaredType? read = _next.Kind == SchemaTokenKind.LeftBrace ? Record(0)
            : Path() is { } path ? new DeclaredReference(path, ReferenceKind.CommonType)
            : null;
        if (read is null) return false;
        if (context is not null) _notices.Error("context stands twice", span);
        context = read;
        return true;
    }

    private sealed record AppliesTo(ImmutableArray<DeclaredName> Principals, ImmutableArray<DeclaredName> Resources, DeclaredType Context);
}
