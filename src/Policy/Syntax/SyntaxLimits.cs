namespace Spiffe.Agent.Policy.Syntax;

/// <summary>How large a source text may be. All are ours: the Cedar reference has none but the machine's stack.</summary>
public static class SyntaxLimits
{
    /// <summary>UTF-16 code units of one source text. 4 Mi: twenty thousand policies; bounds the tree of the worst text at some 300 MiB.</summary>
    public const int MaxSourceLength = 4 * 1024 * 1024;

    /// <summary>Brackets, calls, conditionals and prefixes within each other. 200: bounds the parser's own stack at some 300 KiB.</summary>
    public const int MaxNesting = 200;

    /// <summary>Nodes on the longest way down an expression, chains such as <c>a || b || c</c> included. 500: whatever walks one makes do with half a MiB of stack.</summary>
    public const int MaxDepth = 500;

    /// <summary>Errors reported for one text; parsing stops there. 50: nobody reads more.</summary>
    public const int MaxErrors = 50;
}
