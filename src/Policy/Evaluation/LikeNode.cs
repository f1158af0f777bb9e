using System.Collections.Immutable;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>
/// <c>like</c>: the literal texts in order, anything between them. The first place of each is as good as any, so there is no backtracking: text and pattern
/// are gone through once, and the cost grows with the sum of their lengths (<see cref="TextSearch"/>).
/// </summary>
internal sealed class LikeNode : CompiledExpression
{
    private readonly CompiledExpression _operand;
    private readonly string _first;
    private readonly TextSearch[] _between;

    /// <summary>What stands behind the last wildcard; null where there is none.</summary>
    private readonly string? _last;

    public LikeNode(CompiledExpression operand, LikePattern pattern, SourceSpan span)
        : base(span)
    {
        ImmutableArray<string> parts = pattern.Parts;
        _operand = operand;
        _first = parts[0];
        _last = parts.Length > 1 ? parts[^1] : null;
        _between = [.. parts[1..^(parts.Length > 1 ? 1 : 0)].Where(part => part.Length > 0).Select(part => new TextSearch(part))];
    }

    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value value = _operand.Evaluate(frame);
        return value.TryGet(out string? text) ? Value.Of(Matches(text)) : WrongType(value, "a string");
    }

    private bool Matches(string text)
    {
        if (_last is null) return string.Equals(text, _first, StringComparison.Ordinal);
        ReadOnlySpan<char> rest = text;
        if (!rest.StartsWith(_first, StringComparison.Ordinal)) return false;
        rest = rest[_first.Length..];
        foreach (TextSearch part in _between)
        {
            int at = part.FindIn(rest);
            if (at < 0) return false;
            rest = rest[(at + part.Length)..];
        }

        return rest.EndsWith(_last, StringComparison.Ordinal);
    }
}
