using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Formatting;

/// <summary>A token with the comments around it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written.</param>
/// <param name="Leading">Comments on lines of their own before it; null stands for an empty line between two.</param>
/// <param name="Trailing">A comment behind it in its line, or null.</param>
internal sealed record FormatToken(TokenKind Kind, string Text, IReadOnlyList<string?> Leading, string? Trailing)
{
    /// <summary>A word with a meaning of its own where it stands.</summary>
    public bool IsKeyword { get; init; }

    /// <summary>A minus sign that negates.</summary>
    public bool IsPrefix { get; init; }

    public bool HasComments => Leading.Count > 0 || Trailing is not null;

    public bool Opens => Kind is TokenKind.OpenParen or TokenKind.OpenBrace or TokenKind.OpenBracket;

    public bool Closes => Kind is TokenKind.CloseParen or TokenKind.CloseBrace or TokenKind.CloseBracket;
}
