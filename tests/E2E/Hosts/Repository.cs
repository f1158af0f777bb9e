namespace Spiffe.Agent.Tests.E2E.Hosts;

/// <summary>Files of the repository that these tests run from.</summary>
internal static class Repository
{
    private static readonly string Root = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>An absolute path from one relative to the repository.</summary>
    internal static string Locate(string relative) => Path.Combine(Root, relative);

    /// <summary>A script of <c>tests/E2E/harness</c>.</summary>
    internal static string Harness(string script) => Locate($"tests/E2E/harness/{script}.sh");

    private static string Find(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Spiffe.Agent.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("no Spiffe.Agent.sln above the test assembly");
    }
}
