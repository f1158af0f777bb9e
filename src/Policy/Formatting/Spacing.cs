using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Formatting;

/// <summary>Whether a space stands between two tokens of one line.</summary>
internal static class Spacing
{
    public static bool Between(FormatToken left, FormatToken right)
    {
        if (right.Kind is TokenKind.Comma or TokenKind.Semicolon or TokenKind.Colon or TokenKind.CloseParen or TokenKind.CloseBracket) return false;
        if (left.IsPrefix || left.Kind is TokenKind.OpenParen or TokenKind.OpenBracket or TokenKind.At) return false;
        if (IsTight(left.Kind) || IsTight(right.Kind)) return false;
        if (left.Kind == TokenKind.OpenBrace) return right.Kind != TokenKind.CloseBrace;
        bool isCallOrIndex = right.Kind is (TokenKind.OpenParen or TokenKind.OpenBracket) && !left.IsKeyword
            && left.Kind is (TokenKind.Identifier or TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace or TokenKind.String);
        return !isCallOrIndex;
    }

    private static bool IsTight(TokenKind kind) => kind is TokenKind.Dot or TokenKind.DoubleColon;
}
