using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>A source text of policies, parsed without an error.</summary>
/// <param name="Source">What was parsed; every span points into it.</param>
/// <param name="Statements">Policies and templates in source order.</param>
public sealed record PolicyText(string Source, ImmutableArray<PolicyStatement> Statements);
