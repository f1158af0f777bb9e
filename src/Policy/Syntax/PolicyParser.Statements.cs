using System.Collections.Immutable;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>Annotations, effect, scope and conditions.</summary>
public sealed partial class PolicyParser
{
    private PolicyStatement? ParseStatement(string id)
    {
        SourceSpan start = _current.Span;
        if (ParseAnnotations() is not { } annotations) return null;
        PolicyEffect effect;
        if (AcceptWord("permit")) effect = PolicyEffect.Permit;
        else if (AcceptWord("forbid")) effect = PolicyEffect.Forbid;
        else return Refused<PolicyStatement>("permit or forbid");

        if (!Expect(TokenKind.OpenParen, "( before the scope")) return null;
        if (ParseConstraint("principal", PolicySlot.Principal) is not { } principal || !Expect(TokenKind.Comma, "a comma and the action")) return null;
        if (ParseAction() is not { } action || !Expect(TokenKind.Comma, "a comma and the resource")) return null;
        if (ParseConstraint("resource", PolicySlot.Resource) is not { } resource) return null;
        Accept(TokenKind.Comma);
        if (!Expect(TokenKind.CloseParen, ") behind the scope")) return null;
        if (ParseConditions() is not { } conditions || !Expect(TokenKind.Semicolon, "when, unless or a semicolon")) return null;
        return new PolicyStatement(id, effect, annotations, principal, action, resource, conditions, From(start));
    }

    private ImmutableArray<PolicyAnnotation>? ParseAnnotations()
    {
        if (!Is(TokenKind.At)) return [];
        ImmutableArray<PolicyAnnotation>.Builder annotations = ImmutableArray.CreateBuilder<PolicyAnnotation>();
        HashSet<string> names = new(StringComparer.Ordinal);
        while (Is(TokenKind.At))
        {
            SourceSpan start = Advance().Span;
            if (!Is(TokenKind.Identifier)) return RefusedValue<ImmutableArray<PolicyAnnotation>>("the name of an annotation");
            string name = Text(Advance()).ToString();
            string? value = null;
            if (Accept(TokenKind.OpenParen))
            {
                if (!Is(TokenKind.String)) return RefusedValue<ImmutableArray<PolicyAnnotation>>("a string");
                value = StringUnescape.Text(_source, Advance().Span, _errors);
                if (value is null || !Expect(TokenKind.CloseParen, ")")) return null;
            }

            if (!names.Add(name)) _errors.Add($"the annotation {name} is there already", From(start));
            annotations.Add(new PolicyAnnotation(name, value, From(start)));
        }

        return annotations.ToImmutable();
    }

    /// <summary>The constraint of the principal or the resource.</summary>
    private ScopeConstraint? ParseConstraint(string variable, PolicySlot slot)
    {
        SourceSpan start = _current.Span;
        if (!AcceptWord(variable)) return Refused<ScopeConstraint>(variable);
        if (Accept(TokenKind.EqualEqual)) return ParseReference(slot) is { } equal ? new EqualConstraint(equal, From(start)) : null;
        if (AcceptWord("in")) return ParseReference(slot) is { } within ? new InConstraint(within, From(start)) : null;
        if (!AcceptWord("is")) return RefuseOtherOperators() ? null : new AnyConstraint(From(start));

        if (ParsePath() is not { } type) return null;
        EntityReference? container = null;
        if (AcceptWord("in") && (container = ParseReference(slot)) is null) return null;
        return new IsConstraint(type, container, From(start));
    }

    private ScopeConstraint? ParseAction()
    {
        SourceSpan start = _current.Span;
        if (!AcceptWord("action")) return Refused<ScopeConstraint>("action");
        ScopeConstraint? constraint;
        if (Accept(TokenKind.EqualEqual)) constraint = ParseReference(null) is { } equal ? new EqualConstraint(equal, From(start)) : null;
        else if (AcceptWord("in")) constraint = ParseActionGroup(start);
        else if (IsWord("is")) return Refused<ScopeConstraint>("== or in, since actions have no `is` here");
        else return RefuseOtherOperators() ? null : new AnyConstraint(From(start));

        return constraint is null || AreActions(constraint) ? constraint : null;
    }

    private ScopeConstraint? ParseActionGroup(SourceSpan start)
    {
        int parens = 0;
        while (Is(TokenKind.OpenParen) && parens < SyntaxLimits.MaxNesting)
        {
            Advance();
            parens++;
        }

        if (!Is(TokenKind.OpenBracket))
        {
            if (ParseReference(null) is not { } within || !ExpectCloseParens(parens)) return null;
            return new InConstraint(within, From(start));
        }

        Advance();
        ImmutableArray<EntityUid>.Builder entities = ImmutableArray.CreateBuilder<EntityUid>();
        while (!Is(TokenKind.CloseBracket))
        {
            if (IsFull(entities.Count) || ParseReference(null) is not { Uid: { } uid }) return null;
            entities.Add(uid);
            if (!Is(TokenKind.CloseBracket) && !Expect(TokenKind.Comma, "a comma or ]")) return null;
        }

        Advance();
        return ExpectCloseParens(parens) ? new InSetConstraint(entities.ToImmutable(), From(start)) : null;
    }

    private bool AreActions(ScopeConstraint constraint)
    {
        IEnumerable<EntityUid> uids = constraint switch
        {
            EqualConstraint equal => [equal.Entity.Uid!],
            InConstraint within => [within.Entity.Uid!],
            InSetConstraint set => set.Entities,
            _ => [],
        };
        if (uids.FirstOrDefault(uid => !Names.IsActionType(uid.Type)) is not { } other) return true;
        _errors.Add($"expected an entity of a type Action, but {other.Type} is none", constraint.Span);
        return false;
    }

    /// <summary>An entity or, where one is allowed, the slot; in parentheses or not.</summary>
    private EntityReference? ParseReference(PolicySlot? slot)
    {
        int parens = 0;
        while (Is(TokenKind.OpenParen) && parens < SyntaxLimits.MaxNesting)
        {
            Advance();
            parens++;
        }

        SourceSpan start = _current.Span;
        EntityReference reference;
        if (Is(TokenKind.Slot))
        {
            if (slot is not { } allowed) return Refused<EntityReference>("an entity; actions have no slots");
            string name = allowed == PolicySlot.Principal ? "?principal" : "?resource";
            if (!Text(_current).SequenceEqual(name)) return Refused<EntityReference>($"an entity or {name}");
            reference = EntityReference.To(allowed, Advance().Span);
        }
        else
        {
            if (!Is(TokenKind.Identifier)) return Refused<EntityReference>("an entity, such as Type::\"id\"");
            if (ParsePath() is not { } type || !Expect(TokenKind.DoubleColon, ":: and the entity's id")) return null;
            if (!Is(TokenKind.String)) return Refused<EntityReference>("the entity's id, a string");
            if (StringUnescape.Text(_source, Advance().Span, _errors) is not { } id) return null;
            reference = EntityReference.To(new EntityUid(type, id), From(start));
        }

        return ExpectCloseParens(parens) ? reference : null;
    }

    private ImmutableArray<PolicyCondition>? ParseConditions()
    {
        ImmutableArray<PolicyCondition>.Builder conditions = ImmutableArray.CreateBuilder<PolicyCondition>();
        while (IsWord("when") || IsWord("unless"))
        {
            SourceSpan start = _current.Span;
            ConditionKind kind = IsWord("when") ? ConditionKind.When : ConditionKind.Unless;
            Advance();
            if (!Expect(TokenKind.OpenBrace, "{ before the condition")) return null;
            if (Is(TokenKind.CloseBrace)) return RefusedValue<ImmutableArray<PolicyCondition>>("a condition, which must not be empty");
            if (ParseExpression() is not { } body || !Expect(TokenKind.CloseBrace, "} behind the condition")) return null;
            conditions.Add(new PolicyCondition(kind, body, From(start)));
        }

        return conditions.ToImmutable();
    }

    private bool ExpectCloseParens(int count)
    {
        for (; count > 0; count--)
        {
            if (!Expect(TokenKind.CloseParen, ")")) return false;
        }

        return true;
    }

    private bool RefuseOtherOperators()
    {
        if (Is(TokenKind.Comma) || Is(TokenKind.CloseParen)) return false;
        RefuseCurrent("==, in, is or the end of the constraint");
        return true;
    }

    private T? Refused<T>(string expected)
        where T : class
    {
        RefuseCurrent(expected);
        return null;
    }

    private T? RefusedValue<T>(string expected)
        where T : struct
    {
        RefuseCurrent(expected);
        return null;
    }
}
