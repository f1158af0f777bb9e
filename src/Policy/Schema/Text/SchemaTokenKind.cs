namespace Spiffe.Agent.Policy.Schema.Text;

/// <summary>What a <see cref="SchemaToken"/> is. Keywords are identifiers: the grammar tells by position.</summary>
internal enum SchemaTokenKind
{
    Identifier,
    String,
    Comma,
    Semicolon,
    Colon,
    DoubleColon,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    LeftParenthesis,
    RightParenthesis,
    Less,
    Greater,
    EqualSign,
    Question,
    At,

    /// <summary>Something that no schema holds; it has been reported.</summary>
    Unknown,
    End,
}
