using System.Text;
using Spiffe.Agent.Tasks.Decisions;

namespace Spiffe.Agent.Replay.Policies;

/// <summary>The texts of policies, put together from the parts that entries hold: in order, none left out.</summary>
internal sealed class PolicyParts
{
    private readonly List<(string Name, StringBuilder Text, long Parts, long Next)> _sources = [];
    private int _length;

    /// <summary>Takes the next part.</summary>
    /// <returns>What is wrong, or empty.</returns>
    public string Add(string name, long source, long part, long parts, string text)
    {
        _length += text.Length;
        if (_length > ReplayLimits.MaxPolicyText) return $"more than {ReplayLimits.MaxPolicyText} characters of policies";
        if (source == _sources.Count && part == 0 && source < PolicyLimits.MaxSources && (source == 0 || IsWhole(_sources[^1])))
        {
            _sources.Add((name, new StringBuilder(text), parts, 1));
            return "";
        }

        if (_sources.Count == 0 || source != _sources.Count - 1) return Misplaced();
        (string Name, StringBuilder Text, long Parts, long Next) last = _sources[^1];
        if (last.Next != part || last.Parts != parts || part >= parts || !string.Equals(last.Name, name, StringComparison.Ordinal)) return Misplaced();
        last.Text.Append(text);
        _sources[^1] = last with { Next = part + 1 };
        return "";

        string Misplaced() => $"part {part} of source {source} is not the next one";
    }

    /// <summary>The sources, if all of them are whole and have these names in this order; null: they are not.</summary>
    public IReadOnlyList<PolicySource>? Whole(IReadOnlyList<string> names)
    {
        bool isWhole = _sources.Count == names.Count && _sources.TrueForAll(IsWhole) && _sources.Select(source => source.Name).SequenceEqual(names, StringComparer.Ordinal);
        return isWhole ? [.. _sources.Select(source => new PolicySource(source.Name, source.Text.ToString()))] : null;
    }

    private static bool IsWhole((string Name, StringBuilder Text, long Parts, long Next) source) => source.Next == source.Parts;
}
