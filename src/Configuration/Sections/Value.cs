using Spiffe.Agent.Configuration.Yaml;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary>One written value: its text with the environment put in, and its place for a fault.</summary>
/// <param name="Text">The text to read.</param>
/// <param name="Written">The text as it stands in the file: the only one that is shown.</param>
/// <param name="Path">The way to it.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Faults">Where to say what is wrong with it.</param>
internal sealed record Value(string Text, string Written, KeyPath Path, YamlPlace Place, FaultList Faults)
{
    /// <summary>Whether it stands there without quotes.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Says what is wrong with the value.</summary>
    public void Fault(string problem, string remedy) => Faults.Add(Place, Path, Written, problem, remedy);

    /// <summary>Says what is allowed and probably not meant.</summary>
    public void Warn(string problem, string remedy) => Faults.Warn(Place, Path, Written, problem, remedy);
}
