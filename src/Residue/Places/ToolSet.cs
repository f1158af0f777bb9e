namespace Spiffe.Agent.Residue.Places;

/// <summary>Programs of the machine that read what this one cannot: from the system's own directories only, whatever PATH says.</summary>
/// <param name="directories">Where they are.</param>
internal sealed class ToolSet(params string[] directories)
{
    public static ToolSet OfSystem { get; } = new("/usr/bin", "/bin");

    /// <summary>Its path; null: it is not installed.</summary>
    public string? Find(string name) => directories.Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
}
