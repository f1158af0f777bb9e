namespace Spiffe.Agent.Configuration.Sections;

/// <summary>What every section needs to read its values.</summary>
/// <param name="Faults">Where to say what is wrong.</param>
/// <param name="Environment">Looks up a variable, and answers null when it is not set; null itself where nothing may be taken from the environment.</param>
/// <param name="Directory">The file's directory, absolute: relative paths begin here.</param>
internal sealed record ReadContext(FaultList Faults, Func<string, string?>? Environment, string Directory)
{
    /// <summary>For dates that are over.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
