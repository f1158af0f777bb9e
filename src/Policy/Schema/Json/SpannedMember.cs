using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Json;

/// <summary>A member of a JSON object.</summary>
/// <param name="Name">Unique within its object.</param>
/// <param name="NameSpan">Where its name stands.</param>
/// <param name="Value">What it holds.</param>
internal sealed record SpannedMember(string Name, SourceSpan NameSpan, SpannedJson Value);
