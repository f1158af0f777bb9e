namespace Spiffe.Agent.Policy.Schema.Declarations;

/// <summary>A type that is named.</summary>
/// <param name="Name">As written.</param>
/// <param name="Kind">What it may name.</param>
internal sealed record DeclaredReference(DeclaredName Name, ReferenceKind Kind) : DeclaredType(Name.Span);
