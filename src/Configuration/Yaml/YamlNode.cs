namespace Spiffe.Agent.Configuration.Yaml;

/// <summary>A value of the file and where it stands.</summary>
internal abstract record YamlNode(YamlPlace Place)
{
    /// <summary>What a person would call it.</summary>
    public abstract string Kind { get; }
}
