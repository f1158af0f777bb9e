namespace Spiffe.Agent.Policy.Syntax;

/// <summary>What a <see cref="Token"/> is.</summary>
internal enum TokenKind
{
    End,

    /// <summary>No token of Cedar; reported by the lexer already.</summary>
    Invalid,

    /// <summary>A name, reserved or not.</summary>
    Identifier,
    Number,

    /// <summary>A string with its quotes; escapes not yet looked at.</summary>
    String,

    /// <summary>A question mark and a name.</summary>
    Slot,
    At,
    Dot,
    Comma,
    Semicolon,
    Colon,
    DoubleColon,
    OpenParen,
    CloseParen,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    EqualEqual,
    NotEqual,
    Less,
    LessEqual,
    GreaterEqual,
    Greater,
    OrOr,
    AndAnd,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Bang,
    SingleEqual,
}
