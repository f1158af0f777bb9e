namespace Spiffe.Agent.Configuration.Yaml;

/// <summary>A list.</summary>
internal sealed record YamlSequence(YamlPlace Place, IReadOnlyList<YamlNode> Items) : YamlNode(Place)
{
    public override string Kind => "a list";
}
