namespace Spiffe.Agent.Tests.Architecture.House;

/// <summary>The source tree that these tests read.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution in it, found upwards from the test's own assembly.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Files below a folder of the tree, as paths relative to the root; built and generated ones left out.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Root, file))
        .Where(file => !file.Split('/').Any(part => part is "artifacts" or "bin" or "obj" or "node_modules" or "TestResults"))
        .Order(StringComparer.Ordinal);

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Spiffe.Agent.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Spiffe.Agent.sln is in no folder above the tests");
    }
}
