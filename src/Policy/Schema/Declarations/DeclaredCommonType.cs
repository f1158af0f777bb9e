namespace Spiffe.Agent.Policy.Schema.Declarations;

/// <summary>A name for a type.</summary>
/// <param name="Name">Without its namespace.</param>
/// <param name="Type">What it stands for.</param>
internal sealed record DeclaredCommonType(DeclaredName Name, DeclaredType Type);
