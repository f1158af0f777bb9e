using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Formatting;

/// <summary>Reads a source text, known to be correct, as tokens with their comments.</summary>
internal static class TokenReader
{
    public static List<FormatToken> Read(string source)
    {
        Lexer lexer = new(source, new ErrorList());
        List<FormatToken> tokens = [];
        int end = 0;
        while (true)
        {
            Token token = lexer.Next();
            (string? trailing, List<string?> leading) = Comments(source[end..token.Span.Start], isFirst: tokens.Count == 0);
            if (trailing is not null) tokens[^1] = tokens[^1] with { Trailing = trailing };
            string text = source.Substring(token.Span.Start, token.Span.Length);
            FormatToken? last = tokens.Count > 0 ? tokens[^1] : null;
            tokens.Add(new FormatToken(token.Kind, text, leading, null) { IsKeyword = IsKeyword(token.Kind, text, last), IsPrefix = IsPrefix(token.Kind, last) });
            if (token.Kind == TokenKind.End) return tokens;
            end = token.Span.End;
        }
    }

    /// <summary>What stands between two tokens: a comment in the line of the first, then comments in lines of their own.</summary>
    private static (string? Trailing, List<string?> Leading) Comments(string between, bool isFirst)
    {
        string? trailing = null;
        List<string?> leading = [];
        bool isSameLine = !isFirst;
        foreach (string raw in between.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n'))
        {
            string line = raw.Trim();
            if (line.Length > 0 && isSameLine) trailing = line;
            else if (line.Length > 0) leading.Add(line);
            else if (!isSameLine && leading.Count > 0 && leading[^1] is not null) leading.Add(null);
            isSameLine = false;
        }

        // The last line is that of the next token; only an empty line before it counts.
        if (leading.Count > 0 && leading[^1] is null) leading.RemoveAt(leading.Count - 1);
        return (trailing, leading);
    }

    private static bool IsKeyword(TokenKind kind, string text, FormatToken? last) => kind == TokenKind.Identifier
        && last?.Kind is not (TokenKind.Dot or TokenKind.At or TokenKind.DoubleColon)
        && (text is "if" or "then" or "else" or "in" or "has" or "like" or "is" or "when" or "unless" or "permit" or "forbid");

    private static bool IsPrefix(TokenKind kind, FormatToken? last) => kind == TokenKind.Bang
        || (kind == TokenKind.Minus && (last is null || last.IsKeyword || last.Kind is not (TokenKind.Identifier or TokenKind.Number or TokenKind.String
            or TokenKind.CloseParen or TokenKind.CloseBrace or TokenKind.CloseBracket)));
}
