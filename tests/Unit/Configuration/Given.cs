using Spiffe.Agent.Configuration;

namespace Spiffe.Agent.Tests.Unit.Configuration;

/// <summary>Configurations in few words.</summary>
internal static class Given
{
    /// <summary>Reads lines below a good trust domain, so that line 2 is the first of them.</summary>
    public static LoadedConfiguration Lines(string lines) => Text("trust_domain: example.org\n" + lines);

    public static LoadedConfiguration Text(string text, params (string Name, string Value)[] environment) =>
        ConfigurationLoader.Parse(text, "/etc/spiffe-agent/agent.yaml", name => environment.FirstOrDefault(e => e.Name == name).Value);

    /// <summary>The one fault of these lines.</summary>
    public static ConfigurationFault FaultOf(string lines)
    {
        LoadedConfiguration loaded = Lines(lines);
        Assert.Null(loaded.Options);
        return Assert.Single(loaded.Faults);
    }
}
