using System.Collections.Immutable;
using Spiffe.Agent.Tasks.Decisions;

namespace Spiffe.Agent.Replay.Policies;

/// <summary>The policies that the log says were loaded, compiled from the texts that it holds.</summary>
internal sealed class PolicyBook
{
    private readonly List<TaskPolicies> _compiled = []; // The last used at the end.
    private PolicyParts? _parts;
    private string _partsOf = "";
    private (string Digest, DateTimeOffset At) _current;
    private string _previous = "";

    /// <summary>Whether the log says which are in force.</summary>
    public bool IsKnown => _current.Digest is { Length: > 0 };

    /// <summary>A part of a source.</summary>
    /// <returns>What is wrong, or empty.</returns>
    public string AddPart(string digest, string name, long source, long part, long parts, string text)
    {
        if (source == 0 && part == 0) (_parts, _partsOf) = (new PolicyParts(), digest);
        if (_parts is null || !string.Equals(_partsOf, digest, StringComparison.Ordinal)) return "a part of policies whose beginning is not there";
        string fault = _parts.Add(name, source, part, parts, text);
        if (fault.Length > 0) _parts = null;
        return fault;
    }

    /// <summary>They are in force from here on.</summary>
    /// <returns>What is wrong with their texts, or empty.</returns>
    public string Load(string digest, IReadOnlyList<string> names, DateTimeOffset at)
    {
        (_previous, _current) = (_current.Digest ?? "", (digest, at));
        bool isBuiltIn = string.Equals(digest, TaskPolicies.BuiltIn.Digest, StringComparison.Ordinal);
        if (isBuiltIn) return names.Count == 0 ? "" : "the built-in policies have no sources";
        IReadOnlyList<PolicySource>? sources = string.Equals(_partsOf, digest, StringComparison.Ordinal) ? _parts?.Whole(names) : null;
        _parts = null;
        return sources is null ? "their texts are not whole" : Compile(digest, sources);
    }

    /// <summary>A daemon starts: what was loaded before says nothing any more.</summary>
    public void Restart() => (_current, _previous, _parts) = (default, "", null);

    /// <summary>Whether a decision of that time may have been taken by these: they are in force, or were until a moment ago.</summary>
    public bool IsInForce(string digest, DateTimeOffset at) =>
        string.Equals(digest, _current.Digest, StringComparison.Ordinal) || (string.Equals(digest, _previous, StringComparison.Ordinal) && at - _current.At <= ReplayLimits.DecisionLeeway);

    /// <summary>The policies of that digest; null: the log does not have them, or not any more.</summary>
    public TaskPolicies? Find(string digest)
    {
        if (string.Equals(digest, TaskPolicies.BuiltIn.Digest, StringComparison.Ordinal)) return TaskPolicies.BuiltIn;
        return _compiled.FindLast(policies => string.Equals(policies.Digest, digest, StringComparison.Ordinal));
    }

    private string Compile(string digest, IReadOnlyList<PolicySource> sources)
    {
        if (!TaskPolicies.TryCompile(sources, out TaskPolicies? policies, out ImmutableArray<PolicyFault> faults)) return $"they are no policies: {faults[0]}";
        if (!string.Equals(policies.Digest, digest, StringComparison.Ordinal)) return $"their texts have the digest {policies.Digest}";
        _compiled.RemoveAll(known => string.Equals(known.Digest, digest, StringComparison.Ordinal));
        if (_compiled.Count == ReplayLimits.MaxPolicySets) _compiled.RemoveAt(0);
        _compiled.Add(policies);
        return "";
    }
}
