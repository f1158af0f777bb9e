using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>The pattern of <c>like</c>: literal texts with a wildcard between each two, so <c>"a*b"</c> is <c>a</c>, <c>b</c> and <c>"*"</c> is two empty texts.</summary>
/// <param name="Parts">The literal texts, escapes resolved; at least one.</param>
public sealed record LikePattern(ImmutableArray<string> Parts);
