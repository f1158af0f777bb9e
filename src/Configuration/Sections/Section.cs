using Spiffe.Agent.Configuration.Values;
using Spiffe.Agent.Configuration.Yaml;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary>One mapping of the file as its reader sees it. Remembers which keys were asked for: whatever else is written there is unknown.</summary>
internal sealed partial class Section
{
    private readonly YamlMapping? _mapping;
    private readonly ReadContext _context;
    private readonly KeyPath _path;
    private readonly List<string> _asked = [];

    private Section(YamlMapping? mapping, KeyPath path, YamlPlace place, ReadContext context)
    {
        (_mapping, _path, _context) = (mapping, path, context);
        Place = place;
    }

    /// <summary>Where the section begins, or would.</summary>
    public YamlPlace Place { get; }

    public KeyPath Path => _path;

    public FaultList Faults => _context.Faults;

    public string Directory => _context.Directory;

    /// <summary>A variable of the environment; null where it is not set, or nothing may be taken from there.</summary>
    public string? Environment(string name) => _context.Environment?.Invoke(name);

    public DateTimeOffset Now => _context.Time.GetUtcNow();

    /// <summary>The whole file. Nothing written is an empty section.</summary>
    public static Section Root(YamlNode? node, ReadContext context) => Of(node, new KeyPath(), YamlPlace.Start, context);

    /// <summary>A section below this one; empty when it is not written.</summary>
    public Section Child(string key) => Of(Ask(key), _path.Key(key), Place, _context);

    /// <summary>A list of sections; empty when it is not written.</summary>
    public IEnumerable<Section> Children(string key) => Items(key).Select(item => Of(item.Node, item.Path, item.Node.Place, _context));

    /// <summary>A single value, or null when it is not written or already at fault.</summary>
    public Value? Single(string key)
    {
        return Ask(key) is { } node ? Expand(node, _path.Key(key)) : null;
    }

    /// <summary>A single value; a fault when it is not written.</summary>
    public Value? Required(string key, string remedy)
    {
        if (Ask(key) is { } node) return Expand(node, _path.Key(key));
        Faults.Add(Place, _path.Key(key), null, "is missing", remedy);
        return null;
    }

    /// <summary>A list of single values; empty when it is not written. Those at fault are left out.</summary>
    public IReadOnlyList<Value> Texts(string key) => [.. Items(key).Select(item => Expand(item.Node, item.Path)).OfType<Value>()];

    /// <summary>A value of any kind as it stands there, with the environment not put in; null when it is not written.</summary>
    public YamlNode? Raw(string key) => Ask(key);

    /// <summary>Every key that is written, in the order of the file: for sections whose keys are names.</summary>
    public IReadOnlyList<YamlScalar> Keys => _mapping is null ? [] : [.. _mapping.Members.Select(member => member.Key)];

    /// <summary>Whether the key is written at all.</summary>
    public bool Has(string key) => Ask(key) is not null;

    /// <summary>Says of every key that nobody asked for that it is unknown. Call it last.</summary>
    public void RefuseUnknownKeys()
    {
        if (_mapping is null) return;
        foreach ((YamlScalar key, _) in _mapping.Members)
        {
            if (_asked.Contains(key.Text, StringComparer.Ordinal)) continue;
            string remedy = Suggestion.Nearest(key.Text, _asked) is { } nearest ? $"did you mean '{nearest}'?" : $"known here: {string.Join(", ", _asked)}";
            Faults.Add(key.Place, _path.Key(key.Text), null, "is no known key", remedy);
        }
    }

    private static Section Of(YamlNode? node, KeyPath path, YamlPlace place, ReadContext context)
    {
        if (node is null or YamlScalar { IsNull: true }) return new Section(null, path, node?.Place ?? place, context);
        if (node is YamlMapping mapping) return new Section(mapping, path, node.Place, context);
        context.Faults.Add(node.Place, path, (node as YamlScalar)?.Text, $"must be a mapping and is {node.Kind}", "write 'key: value' lines below it");
        return new Section(null, path, node.Place, context) { IsBroken = true };
    }

    private IEnumerable<(YamlNode Node, KeyPath Path)> Items(string key)
    {
        YamlNode? node = Ask(key);
        if (node is null or YamlScalar { IsNull: true }) return [];
        KeyPath path = _path.Key(key);
        if (node is YamlSequence sequence) return sequence.Items.Select((item, i) => (item, path.Item(i)));
        Faults.Add(node.Place, path, (node as YamlScalar)?.Text, $"must be a list and is {node.Kind}", "write each item on a line of its own, behind '- '");
        return [];
    }

    private Value? Expand(YamlNode node, KeyPath path)
    {
        if (node is not YamlScalar scalar)
        {
            Faults.Add(node.Place, path, null, $"must be a single value and is {node.Kind}", "write one value behind the colon");
            return null;
        }

        if (scalar.IsNull)
        {
            Faults.Add(node.Place, path, null, "has no value", "write one behind the colon, or remove the key");
            return null;
        }

        if (scalar.IsLiteral) return new Value(scalar.Text, scalar.Text, path, scalar.Place, Faults);
        if (!EnvironmentText.TryExpand(scalar.Text, _context.Environment, out string? text, out (string Problem, string Remedy)? fault))
        {
            Faults.Add(node.Place, path, scalar.Text, fault.Value.Problem, fault.Value.Remedy);
            return null;
        }

        return new Value(text, scalar.Text, path, scalar.Place, Faults) { IsPlain = scalar.IsPlain };
    }

    private YamlNode? Ask(string key)
    {
        if (!_asked.Contains(key, StringComparer.Ordinal)) _asked.Add(key);
        return _mapping?.Find(key);
    }
}
