namespace Spiffe.Agent.Policy.Syntax;

/// <summary>What a <see cref="UnaryExpression"/> does.</summary>
public enum UnaryOperator
{
    /// <summary><c>!x</c></summary>
    Not,

    /// <summary><c>-x</c></summary>
    Negate,

    /// <summary><c>x.isEmpty()</c></summary>
    IsEmpty,
}
