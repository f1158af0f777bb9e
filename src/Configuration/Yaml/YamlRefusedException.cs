namespace Spiffe.Agent.Configuration.Yaml;

/// <summary>Leaves <see cref="YamlReader"/> at something that is YAML and is not read here. Never leaves this folder.</summary>
#pragma warning disable CA1032, CA1064 // Not for anybody else to throw or catch.
internal sealed class YamlRefusedException(YamlPlace place, string problem, string remedy) : Exception(problem)
{
    public YamlPlace Place => place;

    public string Problem => Message;

    public string Remedy => remedy;
}
