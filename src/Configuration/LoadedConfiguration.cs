using System.Collections.Immutable;

namespace Spiffe.Agent.Configuration;

/// <summary>The outcome of reading a configuration: options, or everything that is wrong.</summary>
public sealed class LoadedConfiguration
{
    internal LoadedConfiguration(AgentOptions? options, ImmutableArray<ConfigurationFault> faults, ImmutableArray<ConfigurationFault> warnings)
    {
        Options = faults.IsEmpty ? options : null;
        Faults = faults;
        Warnings = warnings;
    }

    /// <summary>The options; null exactly when there is a fault.</summary>
    public AgentOptions? Options { get; }

    /// <summary>All faults, in the order of their places; the daemon does not start with one.</summary>
    public ImmutableArray<ConfigurationFault> Faults { get; }

    /// <summary>What is allowed and probably not meant, in the order of its places.</summary>
    public ImmutableArray<ConfigurationFault> Warnings { get; }

    public void Deconstruct(out AgentOptions? options, out ImmutableArray<ConfigurationFault> faults) => (options, faults) = (Options, Faults);
}
