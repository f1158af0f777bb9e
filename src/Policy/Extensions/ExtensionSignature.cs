using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Extensions;

/// <summary>How an extension function is written and what it takes.</summary>
/// <param name="Name">Its name in Cedar text.</param>
/// <param name="IsMethod">Whether it is written behind its first argument.</param>
/// <param name="Parameters">Types of its arguments, the receiver first; null is a string.</param>
/// <param name="Result">The extension type that it returns, or null where it returns a Bool or a Long.</param>
/// <param name="ReturnsLong">Whether it returns a Long.</param>
public sealed record ExtensionSignature(string Name, bool IsMethod, ImmutableArray<ExtensionType?> Parameters, ExtensionType? Result, bool ReturnsLong = false);
