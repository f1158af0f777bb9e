using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>
/// Parses Cedar policies and expressions. It ends on every input, within <see cref="SyntaxLimits"/>; what it refuses it explains, with a place, and it goes on
/// behind the next semicolon to find more. Cedar docs, "Policy grammar".
/// </summary>
public sealed partial class PolicyParser
{
    private readonly string _source;
    private readonly ErrorList _errors = new();
    private readonly Lexer _lexer;
    private Token _current;
    private SourceSpan _previous;
    private int _nesting;

    private PolicyParser(string source)
    {
        _source = source;
        _lexer = new Lexer(source, _errors);
        _current = _lexer.Next();
    }

    /// <summary>Parses policies and templates; their ids are <c>policy0</c>, <c>policy1</c>… in source order.</summary>
    /// <param name="source">Cedar text.</param>
    /// <param name="text">What was parsed.</param>
    /// <param name="errors">What is wrong, in source order; empty on success.</param>
    public static bool TryParse(string source, [NotNullWhen(true)] out PolicyText? text, out ImmutableArray<SyntaxError> errors)
    {
        text = null;
        if (!IsAcceptable(source, out errors)) return false;
        PolicyParser parser = new(source);
        ImmutableArray<PolicyStatement> statements = parser.ParseStatements();
        errors = parser._errors.ToImmutable();
        if (!errors.IsEmpty) return false;
        text = new PolicyText(source, statements);
        return true;
    }

    /// <summary>Parses one expression.</summary>
    public static bool TryParseExpression(string source, [NotNullWhen(true)] out Expression? expression, out ImmutableArray<SyntaxError> errors)
    {
        expression = null;
        if (!IsAcceptable(source, out errors)) return false;
        PolicyParser parser = new(source);
        Expression? parsed = parser.ParseExpression();
        if (parsed is not null) parser.Expect(TokenKind.End, "the end of the expression");
        errors = parser._errors.ToImmutable();
        if (!errors.IsEmpty) return false;
        expression = parsed;
        return expression is not null;
    }

    /// <summary>Parses the text of an entity, such as <c>App::User::"alice"</c>.</summary>
    public static bool TryParseEntity(string source, [NotNullWhen(true)] out Values.EntityUid? uid, out ImmutableArray<SyntaxError> errors)
    {
        uid = null;
        if (!TryParseExpression(source, out Expression? expression, out errors)) return false;
        if (expression is EntityLiteral literal) uid = literal.Uid;
        else errors = [new SyntaxError("expected an entity, such as Type::\"id\"", expression.Span)];
        return uid is not null;
    }

    private static bool IsAcceptable(string source, out ImmutableArray<SyntaxError> errors)
    {
        ArgumentNullException.ThrowIfNull(source);
        errors = [];
        if (source.Length > SyntaxLimits.MaxSourceLength) errors = [new SyntaxError("the text is longer than 4 Mi characters", new SourceSpan(0, 0))];
        else if (LoneSurrogate(source) is var at and >= 0) errors = [new SyntaxError("half of a surrogate pair is no character", new SourceSpan(at, 1))];
        return errors.IsEmpty;
    }

    private static int LoneSurrogate(string source)
    {
        for (int i = source.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < source.Length; i++)
        {
            if (!char.IsSurrogate(source[i])) continue;
            if (!char.IsHighSurrogate(source[i]) || i + 1 == source.Length || !char.IsLowSurrogate(source[i + 1])) return i;
            i++;
        }

        return -1;
    }

    private ImmutableArray<PolicyStatement> ParseStatements()
    {
        ImmutableArray<PolicyStatement>.Builder statements = ImmutableArray.CreateBuilder<PolicyStatement>();
        while (_current.Kind != TokenKind.End && !_errors.IsFull)
        {
            _nesting = 0;
            if (ParseStatement(string.Create(CultureInfo.InvariantCulture, $"policy{statements.Count}")) is { } statement) statements.Add(statement);
            else SkipStatement();
        }

        return statements.ToImmutable();
    }

    /// <summary>Goes on behind the next semicolon.</summary>
    private void SkipStatement()
    {
        while (_current.Kind is not (TokenKind.Semicolon or TokenKind.End)) Advance();
        if (_current.Kind == TokenKind.Semicolon) Advance();
    }

    private Token Advance()
    {
        Token taken = _current;
        _previous = taken.Span;
        _current = _lexer.Next();
        return taken;
    }

    /// <summary>The token behind the current one.</summary>
    private TokenKind Peek()
    {
        int position = _lexer.Position;
        TokenKind kind = _lexer.Next().Kind; // Read again later; the list keeps one error for each place.
        _lexer.Position = position;
        return kind;
    }

    private bool Is(TokenKind kind) => _current.Kind == kind;

    private bool IsWord(string word) => _current.Kind == TokenKind.Identifier && Text(_current).SequenceEqual(word);

    private bool Accept(TokenKind kind)
    {
        if (_current.Kind != kind) return false;
        Advance();
        return true;
    }

    private bool AcceptWord(string word)
    {
        if (!IsWord(word)) return false;
        Advance();
        return true;
    }

    private bool Expect(TokenKind kind, string what)
    {
        if (Accept(kind)) return true;
        RefuseCurrent(what);
        return false;
    }

    private void RefuseCurrent(string expected)
    {
        if (_current.Kind == TokenKind.Invalid) return; // The lexer has said so.
        string found = _current.Kind == TokenKind.End ? "the text ends" : $"found {Excerpt(_current)}";
        _errors.Add($"expected {expected}, but {found}", _current.Span);
    }

    private string Excerpt(Token token)
    {
        const int MaxExcerpt = 40;
        ReadOnlySpan<char> text = Text(token);
        return text.Length <= MaxExcerpt ? $"`{text}`" : $"`{text[..MaxExcerpt]}…`";
    }

    private ReadOnlySpan<char> Text(Token token) => _source.AsSpan(token.Span.Start, token.Span.Length);

    private SourceSpan From(SourceSpan start) => SourceSpan.Between(start, _previous);
}
