using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Conformance.Policy;

/// <summary>Where the Cedar project's own tests lie: the corpus and the cases written by hand.</summary>
internal static class CedarSuite
{
    private static readonly Lazy<string?> Unpacked = new(Unpack);

    /// <summary>The folder of unpacked corpus files: what CEDAR_CORPUS names, else the shared archive, unpacked; null where there is neither.</summary>
    public static string? Corpus => Environment.GetEnvironmentVariable("CEDAR_CORPUS") is { Length: > 0 } named ? named : Unpacked.Value;

    /// <summary>The folder with tests/ and sample-data/; null where the shared data is not there.</summary>
    public static string? HandWritten => SharedDataFactAttribute.PathOf("cedar/LICENSE") is { } license ? Path.GetDirectoryName(license) : null;

    /// <summary>The cases of a folder, in order.</summary>
    public static IReadOnlyList<string> CasesIn(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".entities.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>A file that a case names: beside the case, or below the root of the suite.</summary>
    public static string FileOf(string caseFile, string named)
    {
        string beside = Path.Combine(Path.GetDirectoryName(caseFile)!, Path.GetFileName(named));
        return File.Exists(beside) || HandWritten is null ? beside : Path.Combine(HandWritten, named);
    }

    private static string? Unpack()
    {
        if (SharedDataFactAttribute.PathOf("cedar/corpus-tests.tar.gz") is not { } archive) return null;
        // Beside the built tests, and kept: unpacked anew only where the archive is another.
        string folder = Path.Combine(AppContext.BaseDirectory, "cedar-corpus");
        string stamp = Path.Combine(folder, "stamp");
        string current = new FileInfo(archive).Length.ToString(CultureInfo.InvariantCulture);
        if (File.Exists(stamp) && File.ReadAllText(stamp) == current) return folder;
        Directory.CreateDirectory(folder);
        using (GZipStream gzip = new(File.OpenRead(archive), CompressionMode.Decompress)) TarFile.ExtractToDirectory(gzip, folder, overwriteFiles: true);
        File.WriteAllText(stamp, current);
        return folder;
    }
}
