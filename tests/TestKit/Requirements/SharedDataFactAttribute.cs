using Xunit;

namespace Spiffe.Agent.Tests.TestKit.Requirements;

/// <summary>A fact that reads public test vectors from <c>../shared/data</c> beside the repository. It skips, and says which file is missing.</summary>
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(string file) => Skip = PathOf(file) is null ? $"shared/data/{file} is not beside the repository" : null;

    /// <summary>Where the file is: <c>shared/data</c> beside the repository or beside one of the folders above it.</summary>
    public static string? PathOf(string file)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Spiffe.Agent.sln"))) folder = folder.Parent;
        for (folder = folder?.Parent; folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", file);
            if (File.Exists(path)) return path;
        }

        return null;
    }
}
