namespace Spiffe.Agent.Configuration.Yaml;

/// <summary>A place in the file: line and column, both from 1.</summary>
internal readonly record struct YamlPlace(int Line, int Column)
{
    /// <summary>The beginning of the file.</summary>
    public static YamlPlace Start { get; } = new(1, 1);
}
