namespace Spiffe.Agent.Policy.Syntax;

/// <summary>A part of the request that an expression may name.</summary>
public enum PolicyVariable
{
    Principal,
    Action,
    Resource,
    Context,
}
