namespace Spiffe.Agent.Audit.Tiles;

/// <summary>A file of a log that is not there, or is not what the layout says.</summary>
/// <param name="path">Which one, beneath the log's directory.</param>
/// <param name="fault">What is wrong with it.</param>
public sealed class TileException(string path, string fault) : Exception($"{path}: {fault}")
{
    /// <summary>Which file, beneath the log's directory.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it.</summary>
    public string Fault { get; } = fault;
}
