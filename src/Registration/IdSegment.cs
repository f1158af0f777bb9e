namespace Spiffe.Agent.Registration;

/// <summary>One path segment of an <see cref="IdTemplate"/>: fixed text, or a placeholder.</summary>
internal readonly record struct IdSegment(string Literal, SelectorKind? Placeholder);
