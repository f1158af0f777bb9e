namespace Spiffe.Agent.Tests.TestKit.Requirements;

/// <summary>Where the sources of this build lie: found by walking up to the solution.</summary>
public static class Repository
{
    /// <summary>Folder of Spiffe.Agent.sln.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests run outside of the repository.</exception>
    public static string Root { get; } = Find();

    /// <summary>A file or folder of the repository.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Spiffe.Agent.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("no Spiffe.Agent.sln above the tests");
    }
}
