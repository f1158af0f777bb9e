using System.Collections.Immutable;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary><c>like</c>: the literal texts in order, anything between them. Each is looked for once from the left, so there is no backtracking.</summary>
internal sealed class LikeNode(CompiledExpression operand, LikePattern pattern, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value value = operand.Evaluate(frame);
        return value.TryGet(out string? text) ? Value.Of(Matches(text, pattern.Parts)) : WrongType(value, "a string");
    }

    private static bool Matches(string text, ImmutableArray<string> parts)
    {
        ReadOnlySpan<char> rest = text;
        if (parts.Length == 1) return rest.SequenceEqual(parts[0]);
        if (!rest.StartsWith(parts[0], StringComparison.Ordinal)) return false;
        rest = rest[parts[0].Length..];
        foreach (string part in parts.AsSpan()[1..^1])
        {
            int at = rest.IndexOf(part, StringComparison.Ordinal);
            if (at < 0) return false;
            rest = rest[(at + part.Length)..];
        }

        return rest.EndsWith(parts[^1], StringComparison.Ordinal);
    }
}
