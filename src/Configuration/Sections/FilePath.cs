namespace Spiffe.Agent.Configuration.Sections;

/// <summary>Paths of files that the configuration names: relative ones begin at its directory.</summary>
internal static class FilePath
{
    private const int MaxLength = 4096; // PATH_MAX of limits.h.

    /// <summary>The path, absolute, or null where it is none; whether anything is there is not asked.</summary>
    /// <param name="section">Where it is written.</param>
    /// <param name="value">What is written.</param>
    /// <param name="example">A good one, for people.</param>
    public static string? Read(Section section, Value value, string example)
    {
        bool good = value.Text.Length is > 0 and <= MaxLength && !value.Text.EndsWith('/') && !value.Text.AsSpan().ContainsAnyInRange('\0', '\x1f')
            && !value.Text.Contains("://", StringComparison.Ordinal);
        if (good) return Path.GetFullPath(value.Text, section.Directory);
        value.Fault("is not the path of a file", $"write a path, such as {example}");
        return null;
    }
}
