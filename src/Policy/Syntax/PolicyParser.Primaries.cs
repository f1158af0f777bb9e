using System.Collections.Immutable;
using System.Globalization;
using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>Literals, names, brackets, and what follows them: attributes and methods.</summary>
public sealed partial class PolicyParser
{
    /// <param name="negative">Where the minus sign is that belongs to the number that follows, if one does.</param>
    private Expression? ParseMember(SourceSpan? negative)
    {
        Expression? operand = ParsePrimary(negative);
        while (operand is not null)
        {
            if (Accept(TokenKind.Dot))
            {
                if (ParseName("an attribute or a method") is not { } name) return null;
                operand = Is(TokenKind.OpenParen) ? ParseMethod(operand, name) : Build(new AttributeExpression(operand, name, From(operand.Span)));
            }
            else if (Accept(TokenKind.OpenBracket))
            {
                if (!Is(TokenKind.String)) return Refused<Expression>("the name of an attribute, a string");
                if (StringUnescape.Text(_source, Advance().Span, _errors) is not { } name || !Expect(TokenKind.CloseBracket, "]")) return null;
                operand = Build(new AttributeExpression(operand, name, From(operand.Span)));
            }
            else if (Is(TokenKind.OpenParen))
            {
                return Refused<Expression>("an operator, since this cannot be called");
            }
            else
            {
                break;
            }
        }

        return operand;
    }

    private Expression? ParseMethod(Expression receiver, string name)
    {
        SourceSpan named = _previous;
        if (ParseArguments() is not { } arguments) return null;
        SourceSpan span = From(receiver.Span);
        BinaryOperator? binary = name switch
        {
            "contains" => BinaryOperator.Contains,
            "containsAll" => BinaryOperator.ContainsAll,
            "containsAny" => BinaryOperator.ContainsAny,
            "getTag" => BinaryOperator.GetTag,
            "hasTag" => BinaryOperator.HasTag,
            _ => null,
        };
        if (binary is { } operation)
        {
            if (arguments.Length == 1) return Build(new BinaryExpression(operation, receiver, arguments[0], span));
            _errors.Add($"{name} takes one argument", named);
        }
        else if (name is "isEmpty")
        {
            if (arguments.IsEmpty) return Build(new UnaryExpression(UnaryOperator.IsEmpty, receiver, span));
            _errors.Add("isEmpty takes no argument", named);
        }
        else if (!ExtensionFunctions.TryFind(name, out ExtensionFunction function))
        {
            _errors.Add($"there is no method {name}", named);
        }
        else if (!ExtensionFunctions.SignatureOf(function).IsMethod)
        {
            _errors.Add($"{name} is a function: write {name}(…)", named);
        }
        else
        {
            return Build(new ExtensionCall(function, arguments.Insert(0, receiver), span));
        }

        return null;
    }

    private ExtensionCall? ParseFunction(string name, SourceSpan start)
    {
        if (ParseArguments() is not { } arguments) return null;
        if (ExtensionFunctions.TryFind(name, out ExtensionFunction function))
        {
            if (!ExtensionFunctions.SignatureOf(function).IsMethod) return Build(new ExtensionCall(function, arguments, From(start)));
            _errors.Add($"{name} is a method: write it behind its first argument", From(start));
        }
        else
        {
            _errors.Add($"there is no function {name}", From(start));
        }

        return null;
    }

    private ImmutableArray<Expression>? ParseArguments()
    {
        Advance();
        return ParseList(TokenKind.CloseParen, "a comma or )");
    }

    private Expression? ParsePrimary(SourceSpan? negative)
    {
        SourceSpan start = _current.Span;
        switch (_current.Kind)
        {
            case TokenKind.Number:
                return ParseNumber(negative);
            case TokenKind.String:
                return StringUnescape.Text(_source, Advance().Span, _errors) is { } text ? new StringLiteral(text, start) : null;
            case TokenKind.Identifier:
                return ParseNamed();
            case TokenKind.Slot:
                return Refused<Expression>("an expression; slots stand in the scope alone");
            case TokenKind.OpenParen:
                Advance();
                return ParseExpression() is { } inside && Expect(TokenKind.CloseParen, ")") ? inside : null;
            case TokenKind.OpenBracket:
                Advance();
                return ParseList(TokenKind.CloseBracket, "a comma or ]") is { } elements ? Build(new SetExpression(elements, From(start))) : null;
            case TokenKind.OpenBrace:
                return ParseRecord();
            default:
                return Refused<Expression>("an expression");
        }
    }

    private LongLiteral? ParseNumber(SourceSpan? negative)
    {
        SourceSpan span = Advance().Span;
        bool fits = ulong.TryParse(_source.AsSpan(span.Start, span.Length), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value);
        if (negative is { } minus && fits && value <= (ulong)long.MaxValue + 1) return new LongLiteral(unchecked(-(long)value), SourceSpan.Between(minus, span));
        if (negative is null && fits && value <= long.MaxValue) return new LongLiteral((long)value, span);
        _errors.Add("the number does not fit 64 bits with a sign", span);
        return null;
    }

    /// <summary>A variable, a boolean, an entity or a function: what begins with a name.</summary>
    private Expression? ParseNamed()
    {
        SourceSpan start = _current.Span;
        if (Peek() != TokenKind.DoubleColon)
        {
            string word = Text(_current).ToString();
            switch (word)
            {
                case "true" or "false":
                    Advance();
                    return new BooleanLiteral(word is "true", start);
                case "principal" or "action" or "resource" or "context":
                    Advance();
                    return new VariableExpression(VariableOf(word), start);
            }
        }

        if (ParsePath() is not { } path) return null;
        if (Is(TokenKind.OpenParen)) return ParseFunction(path, start);
        if (!Accept(TokenKind.DoubleColon))
        {
            _errors.Add($"there is no variable {path}; variables are principal, action, resource and context", From(start));
            return null;
        }

        if (!Is(TokenKind.String)) return Refused<Expression>("the entity's id, a string");
        return StringUnescape.Text(_source, Advance().Span, _errors) is { } id ? new EntityLiteral(new EntityUid(path, id), From(start)) : null;
    }

    private static PolicyVariable VariableOf(string word) => word switch
    {
        "principal" => PolicyVariable.Principal,
        "action" => PolicyVariable.Action,
        "resource" => PolicyVariable.Resource,
        _ => PolicyVariable.Context,
    };

    private ImmutableArray<Expression>? ParseList(TokenKind close, string expected)
    {
        ImmutableArray<Expression>.Builder elements = ImmutableArray.CreateBuilder<Expression>();
        while (!Is(close))
        {
            if (IsFull(elements.Count) || ParseExpression() is not { } element) return null;
            elements.Add(element);
            if (!Is(close) && !Expect(TokenKind.Comma, expected)) return null;
        }

        Advance();
        return elements.ToImmutable();
    }

    private RecordExpression? ParseRecord()
    {
        SourceSpan start = Advance().Span;
        ImmutableArray<RecordField>.Builder fields = ImmutableArray.CreateBuilder<RecordField>();
        HashSet<string> names = new(StringComparer.Ordinal);
        while (!Is(TokenKind.CloseBrace))
        {
            SourceSpan first = _current.Span;
            if (fields.Count == ValueLimits.MaxFields)
            {
                _errors.Add("a record has at most 100,000 fields", first);
                return null;
            }

            string? name = Is(TokenKind.String) ? StringUnescape.Text(_source, Advance().Span, _errors) : ParseName("the name of a field");
            if (name is null || !Expect(TokenKind.Colon, "a colon") || ParseExpression() is not { } value) return null;
            if (!names.Add(name)) _errors.Add($"the field {name} is there already", first);
            fields.Add(new RecordField(name, value, From(first)));
            if (!Is(TokenKind.CloseBrace) && !Expect(TokenKind.Comma, "a comma or }")) return null;
        }

        Advance();
        return Build(new RecordExpression(fields.ToImmutable(), From(start)));
    }

    /// <summary>Names with <c>::</c> between them; a <c>::</c> before a string is left alone.</summary>
    private string? ParsePath()
    {
        if (ParseName("a name") is not { } path) return null;
        if (!Is(TokenKind.DoubleColon) || Peek() != TokenKind.Identifier) return path;
        List<string> names = [path];
        while (Is(TokenKind.DoubleColon) && Peek() == TokenKind.Identifier)
        {
            Advance();
            if (ParseName("a name") is not { } next) return null;
            names.Add(next);
        }

        return string.Join("::", names);
    }

    private string? ParseName(string expected)
    {
        if (!Is(TokenKind.Identifier)) return Refused<string>(expected);
        if (Names.IsReserved(Text(_current))) return Refused<string>($"{expected}; this word is reserved");
        return Text(Advance()).ToString();
    }
}
