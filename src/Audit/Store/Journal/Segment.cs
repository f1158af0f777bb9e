using System.Globalization;

namespace Spiffe.Agent.Audit.Store.Journal;

/// <summary>A file of the journal: <c>journal/</c> and the index of its first entry in 16 digits; where such a file is there and could not be removed, a dot and a number behind it.</summary>
/// <param name="First">Index of its first entry.</param>
/// <param name="Attempt">0, or the number: a later one counts instead of an earlier one.</param>
internal readonly record struct Segment(long First, int Attempt)
{
    public const string Folder = "journal";

    /// <summary>Most files that begin with the same entry. Ours: so often a disk may take a file and then refuse to write or to remove it.</summary>
    public const int MaxAttempts = 10_000;

    public string Path => string.Create(CultureInfo.InvariantCulture, $"{Folder}/{First:d16}{(Attempt == 0 ? "" : $".{Attempt}")}");

    /// <summary>Those that are there, in the order in which they were written.</summary>
    /// <exception cref="FormatException">There is a file of another name.</exception>
    public static IReadOnlyList<Segment> All(string directory)
    {
        string folder = System.IO.Path.Combine(directory, Folder);
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Of(System.IO.Path.GetFileName(path))).OrderBy(segment => segment.First).ThenBy(segment => segment.Attempt)];
    }

    private static Segment Of(string name)
    {
        string[] parts = name.Split('.');
        int attempt = 0;
        bool isOne = parts.Length <= 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out attempt));
        Segment segment = isOne ? new Segment(long.Parse(parts[0], CultureInfo.InvariantCulture), attempt) : default;
        return isOne && segment.Path == $"{Folder}/{name}" ? segment : throw new FormatException($"{Folder}/{name}");
    }
}
