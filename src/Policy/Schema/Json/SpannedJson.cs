using System.Collections.Immutable;
using System.Text.Json;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Json;

/// <summary>A JSON value that knows where it was written.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A string's value; empty for the rest.</param>
/// <param name="Items">An array's elements.</param>
/// <param name="Members">An object's members in source order; names differ.</param>
/// <param name="Span">Of an object or an array its opening bracket, of the rest all of it.</param>
internal sealed record SpannedJson(JsonValueKind Kind, string Text, ImmutableArray<SpannedJson> Items, ImmutableArray<SpannedMember> Members, SourceSpan Span)
{
    /// <summary>The member of that name, or null.</summary>
    public SpannedJson? Find(string name)
    {
        foreach (SpannedMember member in Members)
            if (string.Equals(member.Name, name, StringComparison.Ordinal)) return member.Value;
        return null;
    }
}
