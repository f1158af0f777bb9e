using System.Text;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>
/// Cuts source text into tokens, one at a time, and skips white space and <c>//</c> comments. Cedar docs, "Policy grammar".
/// </summary>
internal sealed class Lexer(string source, ErrorList errors)
{
    private int _at;

    /// <summary>Where the next token is looked for; set it back to read again.</summary>
    public int Position
    {
        get => _at;
        set => _at = value;
    }

    /// <summary>The next token; <see cref="TokenKind.End"/> again and again behind the last.</summary>
    public Token Next()
    {
        SkipTrivia();
        if (_at >= source.Length) return new Token(TokenKind.End, new SourceSpan(source.Length, 0));
        int start = _at;
        TokenKind kind = Scan(source[_at]);
        return new Token(kind, new SourceSpan(start, _at - start));
    }

    private TokenKind Scan(char c) => c switch
    {
        '"' => ScanString(),
        '?' => ScanSlot(),
        >= '0' and <= '9' => ScanNumber(),
        _ when IsNameStart(c) => ScanName(),
        ':' => Either(':', TokenKind.DoubleColon, TokenKind.Colon),
        '=' => Either('=', TokenKind.EqualEqual, TokenKind.SingleEqual),
        '!' => Either('=', TokenKind.NotEqual, TokenKind.Bang),
        '<' => Either('=', TokenKind.LessEqual, TokenKind.Less),
        '>' => Either('=', TokenKind.GreaterEqual, TokenKind.Greater),
        '|' when Follows('|') => Take(2, TokenKind.OrOr),
        '&' when Follows('&') => Take(2, TokenKind.AndAnd),
        '@' => Take(1, TokenKind.At),
        '.' => Take(1, TokenKind.Dot),
        ',' => Take(1, TokenKind.Comma),
        ';' => Take(1, TokenKind.Semicolon),
        '(' => Take(1, TokenKind.OpenParen),
        ')' => Take(1, TokenKind.CloseParen),
        '{' => Take(1, TokenKind.OpenBrace),
        '}' => Take(1, TokenKind.CloseBrace),
        '[' => Take(1, TokenKind.OpenBracket),
        ']' => Take(1, TokenKind.CloseBracket),
        '+' => Take(1, TokenKind.Plus),
        '-' => Take(1, TokenKind.Minus),
        '*' => Take(1, TokenKind.Star),
        '/' => Take(1, TokenKind.Slash),
        '%' => Take(1, TokenKind.Percent),
        _ => Refuse(),
    };

    private TokenKind ScanString()
    {
        int start = _at;
        for (_at++; _at < source.Length; _at++)
        {
            if (source[_at] == '"') return Take(1, TokenKind.String);
            if (source[_at] != '\\') continue;
            _at++;
            if (_at < source.Length && source[_at] == '\n') break;
        }

        _at = Math.Min(_at, source.Length);
        errors.Add("a string has no end", new SourceSpan(start, 1));
        return TokenKind.Invalid;
    }

    private TokenKind ScanSlot()
    {
        if (_at + 1 >= source.Length || !IsNameStart(source[_at + 1])) return Refuse();
        _at++;
        ScanName();
        return TokenKind.Slot;
    }

    private TokenKind ScanName()
    {
        while (_at < source.Length && (IsNameStart(source[_at]) || char.IsAsciiDigit(source[_at]))) _at++;
        return TokenKind.Identifier;
    }

    private TokenKind ScanNumber()
    {
        while (_at < source.Length && char.IsAsciiDigit(source[_at])) _at++;
        return TokenKind.Number;
    }

    private TokenKind Refuse()
    {
        // Bytes of one character stay together, and so does what cannot be read: one error for each place.
        int start = _at;
        _ = Rune.TryGetRuneAt(source, _at, out Rune rune);
        _at += rune.Utf16SequenceLength;
        errors.Add("this character has no meaning here", new SourceSpan(start, _at - start));
        return TokenKind.Invalid;
    }

    private void SkipTrivia()
    {
        while (_at < source.Length)
        {
            if (char.IsWhiteSpace(source[_at]))
            {
                _at++;
            }
            else if (source[_at] == '/' && Follows('/'))
            {
                while (_at < source.Length && source[_at] is not ('\n' or '\r')) _at++;
            }
            else
            {
                return;
            }
        }
    }

    private TokenKind Either(char second, TokenKind both, TokenKind one) => Follows(second) ? Take(2, both) : Take(1, one);

    private TokenKind Take(int count, TokenKind kind)
    {
        _at += count;
        return kind;
    }

    private bool Follows(char c) => _at + 1 < source.Length && source[_at + 1] == c;

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';
}
