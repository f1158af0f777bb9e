namespace Spiffe.Agent.Configuration.Yaml;

/// <summary>Keys and their values, in the order of the file, each key once.</summary>
internal sealed record YamlMapping(YamlPlace Place, IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Members) : YamlNode(Place)
{
    public override string Kind => "a mapping";

    public YamlNode? Find(string key)
    {
        foreach ((YamlScalar name, YamlNode value) in Members)
        {
            if (string.Equals(name.Text, key, StringComparison.Ordinal)) return value;
        }

        return null;
    }
}
