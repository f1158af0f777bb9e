namespace Spiffe.Agent.Policy.Syntax;

/// <summary>What a <see cref="BinaryExpression"/> does; all evaluate both operands, left first.</summary>
public enum BinaryOperator
{
    /// <summary><c>==</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,

    /// <summary><c>&gt;</c></summary>
    Greater,

    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,

    /// <summary><c>in</c></summary>
    In,

    /// <summary><c>+</c></summary>
    Add,

    /// <summary><c>-</c></summary>
    Subtract,

    /// <summary><c>*</c></summary>
    Multiply,

    /// <summary><c>left.contains(right)</c></summary>
    Contains,

    /// <summary><c>left.containsAll(right)</c></summary>
    ContainsAll,

    /// <summary><c>left.containsAny(right)</c></summary>
    ContainsAny,

    /// <summary><c>left.getTag(right)</c></summary>
    GetTag,

    /// <summary><c>left.hasTag(right)</c></summary>
    HasTag,
}
