using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Text;

/// <summary>Splits schema text into tokens, one at a time, in time linear in its length. Cedar docs, "Human-readable schema grammar".</summary>
internal sealed class SchemaLexer(string source, SchemaNotices notices)
{
    private int _at;

    /// <summary>The next token; <see cref="SchemaTokenKind.End"/> again and again behind the last.</summary>
    public SchemaToken Next()
    {
        SkipSpace();
        int start = _at;
        if (start == source.Length) return new SchemaToken(SchemaTokenKind.End, "", new SourceSpan(start, 0));

        char first = source[start];
        if (first == '"') return String();
        if (IsIdentifierStart(first)) return Identifier();

        SchemaTokenKind kind = Punctuation(first);
        _at += kind == SchemaTokenKind.DoubleColon ? 2 : 1;
        SourceSpan span = new(start, _at - start);
        if (kind == SchemaTokenKind.Unknown) notices.Error("this character has no place in a schema", span);
        return new SchemaToken(kind, "", span);
    }

    private static bool IsIdentifierStart(char unit) => char.IsAsciiLetter(unit) || unit == '_';

    private void SkipSpace()
    {
        while (_at < source.Length)
        {
            if (char.IsWhiteSpace(source[_at])) _at++;
            else if (source[_at] == '/' && _at + 1 < source.Length && source[_at + 1] == '/') SkipLine();
            else return;
        }
    }

    private void SkipLine()
    {
        int end = source.AsSpan(_at).IndexOfAny('\n', '\r');
        _at = end < 0 ? source.Length : _at + end;
    }

    private SchemaToken Identifier()
    {
        int start = _at;
        while (_at < source.Length && (IsIdentifierStart(source[_at]) || char.IsAsciiDigit(source[_at]))) _at++;
        return new SchemaToken(SchemaTokenKind.Identifier, source[start.._at], new SourceSpan(start, _at - start));
    }

    private SchemaToken String()
    {
        int start = _at++;
        while (_at < source.Length && source[_at] != '"') _at += source[_at] == '\\' ? 2 : 1;
        if (_at >= source.Length)
        {
            _at = source.Length;
            notices.Error("this string does not end", new SourceSpan(start, 1));
            return new SchemaToken(SchemaTokenKind.Unknown, "", new SourceSpan(start, _at - start));
        }

        _at++;
        SourceSpan span = new(start, _at - start);
        ErrorList errors = new();
        string? text = StringUnescape.Text(source, span, errors);
        foreach (SyntaxError error in errors.ToImmutable()) notices.Error(error.Message, error.Span);
        return new SchemaToken(text is null ? SchemaTokenKind.Unknown : SchemaTokenKind.String, text ?? "", span);
    }

    private SchemaTokenKind Punctuation(char unit) => unit switch
    {
        ',' => SchemaTokenKind.Comma,
        ';' => SchemaTokenKind.Semicolon,
        ':' => _at + 1 < source.Length && source[_at + 1] == ':' ? SchemaTokenKind.DoubleColon : SchemaTokenKind.Colon,
        '{' => SchemaTokenKind.LeftBrace,
        '}' => SchemaTokenKind.RightBrace,
        '[' => SchemaTokenKind.LeftBracket,
        ']' => SchemaTokenKind.RightBracket,
        '(' => SchemaTokenKind.LeftParenthesis,
        ')' => SchemaTokenKind.RightParenthesis,
        '<' => SchemaTokenKind.Less,
        '>' => SchemaTokenKind.Greater,
        '=' => SchemaTokenKind.EqualSign,
        '?' => SchemaTokenKind.Question,
        '@' => SchemaTokenKind.At,
        _ => SchemaTokenKind.Unknown,
    };
}
