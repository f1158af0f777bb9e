using System.Collections.Immutable;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Declarations;

/// <summary><c>{ name: Type, "other name"?: Type }</c></summary>
/// <param name="Fields">In source order; names differ.</param>
/// <param name="Span">All of it.</param>
internal sealed record DeclaredRecord(ImmutableArray<DeclaredField> Fields, SourceSpan Span) : DeclaredType(Span);
