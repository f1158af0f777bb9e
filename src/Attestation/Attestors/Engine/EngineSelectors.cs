using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Engine;

/// <summary>Makes selectors of what an engine says, as SPIRE writes them; what nobody asks about is not kept.</summary>
/// <param name="type">Their type.</param>
/// <param name="scope">Put before each key: empty, or <c>rootless:UID:</c>.</param>
/// <param name="source">Where the engine was asked; for people.</param>
/// <param name="needed">What is asked about.</param>
internal sealed class EngineSelectors(string type, string scope, string source, SelectorKinds needed)
{
    /// <summary>What Go puts in the place of bytes that are not UTF-8: two values that differ in them would be one.</summary>
    private const char Replacement = '\ufffd';

    private readonly List<EvidenceItem> _found = [];

    internal IReadOnlyList<EvidenceItem> Found => _found;

    internal void Add(EngineContainer container, bool withNames)
    {
        foreach ((string key, string value) in container.Labels) Add("label", string.Concat(key, ":", value));
        AddEnvironment(container.Environment);
        Add("image_id", container.ImageReference);
        Add("image_config_digest", container.ImageDigest);
        if (!withNames) return;
        Add("name", container.Name);
        Add("pod_id", container.PodId);
    }

    internal void Add(string key, string value, bool secret = false)
    {
        if (value.Length == 0) return;
        Selector selector = new(type, string.Concat(scope, key, ":", value));
        if (IsPlain(selector.Value) && needed.Asks(selector)) _found.Add(new EvidenceItem(selector, source) { Secret = secret });
    }

    /// <summary>A variable that is set twice is whichever the program takes, so it is none here.</summary>
    private void AddEnvironment(IReadOnlyList<string> environment)
    {
        Dictionary<string, int> times = new(StringComparer.Ordinal);
        foreach (string variable in environment) times[NameOf(variable)] = times.GetValueOrDefault(NameOf(variable)) + 1;
        foreach (string variable in environment)
        {
            string name = NameOf(variable);
            if (name.Length > 0 && name.Length < variable.Length && times[name] == 1) Add("env", variable, secret: true);
        }
    }

    private static string NameOf(string variable)
    {
        int equals = variable.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? variable : variable[..equals];
    }

    private bool IsPlain(string value)
    {
        if (type.Length + 1 + value.Length > Selector.MaxLength) return false;
        foreach (char c in value)
        {
            if (char.IsControl(c) || c == Replacement) return false;
        }

        return true;
    }
}
