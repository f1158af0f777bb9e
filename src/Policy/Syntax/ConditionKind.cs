namespace Spiffe.Agent.Policy.Syntax;

/// <summary>The word in front of a condition.</summary>
public enum ConditionKind
{
    /// <summary>Holds where the body is true.</summary>
    When,

    /// <summary>Holds where the body is false.</summary>
    Unless,
}
