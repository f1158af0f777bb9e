namespace Spiffe.Agent.Policy.Syntax;

/// <summary>What a policy does to a request that it matches.</summary>
public enum PolicyEffect
{
    /// <summary>Allows it, unless something forbids it.</summary>
    Permit,

    /// <summary>Denies it, whatever permits it.</summary>
    Forbid,
}
