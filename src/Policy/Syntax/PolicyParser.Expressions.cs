using System.Collections.Immutable;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>Expressions from the loosest operator to the tightest. Every method returns null where it has reported an error.</summary>
public sealed partial class PolicyParser
{
    private const int MaxPrefixes = 4; // Cedar docs, "Policy grammar": Unary.

    private Expression? ParseExpression()
    {
        if (_nesting >= SyntaxLimits.MaxNesting)
        {
            _errors.Add("expressions are nested more than 200 deep", _current.Span);
            return null;
        }

        _nesting++;
        Expression? expression = IsWord("if") ? ParseConditional() : ParseOr();
        _nesting--;
        return expression;
    }

    private ConditionalExpression? ParseConditional()
    {
        SourceSpan start = Advance().Span;
        if (ParseExpression() is not { } test || !ExpectWord("then")) return null;
        if (ParseExpression() is not { } then || !ExpectWord("else")) return null;
        return ParseExpression() is { } otherwise ? Build(new ConditionalExpression(test, then, otherwise, From(start))) : null;
    }

    private Expression? ParseOr()
    {
        Expression? left = ParseAnd();
        while (left is not null && Accept(TokenKind.OrOr))
        {
            left = ParseAnd() is { } right ? Build(new OrExpression(left, right, From(left.Span))) : null;
        }

        return left;
    }

    private Expression? ParseAnd()
    {
        Expression? left = ParseRelation();
        while (left is not null && Accept(TokenKind.AndAnd))
        {
            left = ParseRelation() is { } right ? Build(new AndExpression(left, right, From(left.Span))) : null;
        }

        return left;
    }

    private Expression? ParseRelation()
    {
        if (ParseSum() is not { } left) return null;
        Expression? relation;
        if (RelationOperator() is { } comparison)
        {
            Advance();
            relation = ParseSum() is { } right ? Build(new BinaryExpression(comparison, left, right, From(left.Span))) : null;
        }
        else if (AcceptWord("has")) relation = ParseHas(left);
        else if (AcceptWord("like")) relation = ParseLike(left);
        else if (AcceptWord("is")) relation = ParseIs(left);
        else return left;

        if (relation is null || (RelationOperator() is null && !IsWord("has") && !IsWord("like") && !IsWord("is"))) return relation;
        RefuseCurrent("parentheses, since relations do not chain");
        return null;
    }

    private BinaryOperator? RelationOperator() => _current.Kind switch
    {
        TokenKind.EqualEqual => BinaryOperator.Equal,
        TokenKind.NotEqual => BinaryOperator.NotEqual,
        TokenKind.Less => BinaryOperator.Less,
        TokenKind.LessEqual => BinaryOperator.LessOrEqual,
        TokenKind.Greater => BinaryOperator.Greater,
        TokenKind.GreaterEqual => BinaryOperator.GreaterOrEqual,
        TokenKind.Identifier when IsWord("in") => BinaryOperator.In,
        _ => null,
    };

    private Expression? ParseHas(Expression operand)
    {
        if (Is(TokenKind.String))
        {
            return StringUnescape.Text(_source, Advance().Span, _errors) is { } name ? Build(new HasExpression(operand, [name], From(operand.Span))) : null;
        }

        ImmutableArray<string>.Builder path = ImmutableArray.CreateBuilder<string>();
        do
        {
            if (path.Count >= SyntaxLimits.MaxDepth || ParseName("an attribute") is not { } name) return Refused<Expression>("an attribute");
            path.Add(name);
        }
        while (Accept(TokenKind.Dot));
        return Build(new HasExpression(operand, path.ToImmutable(), From(operand.Span)));
    }

    private Expression? ParseLike(Expression operand)
    {
        if (!Is(TokenKind.String)) return Refused<Expression>("a pattern, which is a string");
        return StringUnescape.Pattern(_source, Advance().Span, _errors) is { } pattern ? Build(new LikeExpression(operand, pattern, From(operand.Span))) : null;
    }

    private IsExpression? ParseIs(Expression operand)
    {
        if (ParsePath() is not { } type) return null;
        Expression? container = null;
        if (AcceptWord("in") && (container = ParseSum()) is null) return null;
        return Build(new IsExpression(operand, type, container, From(operand.Span)));
    }

    private Expression? ParseSum()
    {
        Expression? left = ParseProduct();
        while (left is not null && _current.Kind is TokenKind.Plus or TokenKind.Minus)
        {
            BinaryOperator operation = Advance().Kind == TokenKind.Plus ? BinaryOperator.Add : BinaryOperator.Subtract;
            left = ParseProduct() is { } right ? Build(new BinaryExpression(operation, left!, right, From(left!.Span))) : null;
        }

        return left;
    }

    private Expression? ParseProduct()
    {
        Expression? left = ParseUnary();
        while (left is not null && Accept(TokenKind.Star))
        {
            left = ParseUnary() is { } right ? Build(new BinaryExpression(BinaryOperator.Multiply, left, right, From(left.Span))) : null;
        }

        if (left is null || _current.Kind is not (TokenKind.Slash or TokenKind.Percent)) return left;
        return Refused<Expression>("another operator, since Cedar has no division");
    }

    private Expression? ParseUnary()
    {
        TokenKind prefix = _current.Kind;
        if (prefix is not (TokenKind.Bang or TokenKind.Minus)) return ParseMember(negative: null);
        SourceSpan start = _current.Span;
        int count = 0;
        for (; Is(prefix) && count < MaxPrefixes; count++) Advance();
        if (Is(prefix)) return Refused<Expression>("an operand, since four of a prefix are the most");

        UnaryOperator operation = prefix == TokenKind.Bang ? UnaryOperator.Not : UnaryOperator.Negate;
        bool isLiteral = prefix == TokenKind.Minus && Is(TokenKind.Number) && Peek() is not (TokenKind.Dot or TokenKind.OpenParen or TokenKind.OpenBracket);
        Expression? operand = ParseMember(isLiteral ? _previous : null);
        for (count -= isLiteral ? 1 : 0; operand is not null && count > 0; count--) operand = Build(new UnaryExpression(operation, operand, From(start)));
        return operand;
    }

    private bool ExpectWord(string word)
    {
        if (AcceptWord(word)) return true;
        RefuseCurrent(word);
        return false;
    }

    /// <summary>Whether a set, a scope or a list of arguments has no room for what comes next, which is an error there.</summary>
    private bool IsFull(int elements)
    {
        if (elements < ValueLimits.MaxElements) return false;
        _errors.Add("a list has at most 100,000 elements", _current.Span);
        return true;
    }

    /// <summary>Takes what was built, unless it is too deep.</summary>
    private T? Build<T>(T expression)
        where T : Expression
    {
        if (expression.Depth <= SyntaxLimits.MaxDepth) return expression;
        _errors.Add("the expression is more than 500 deep", expression.Span);
        return null;
    }
}
