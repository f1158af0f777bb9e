namespace Spiffe.Agent.Policy.Syntax;

/// <summary>A placeholder of a template; it stands in the scope only, in the constraint of the variable of its name.</summary>
public enum PolicySlot
{
    /// <summary><c>?principal</c></summary>
    Principal,

    /// <summary><c>?resource</c></summary>
    Resource,
}
