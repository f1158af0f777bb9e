using System.Text;
using Spiffe.Agent.Configuration.Files;
using Spiffe.Agent.Configuration.Sections;
using Spiffe.Agent.Configuration.Yaml;

namespace Spiffe.Agent.Configuration;

/// <summary>Reads a configuration: complete options, or every fault at once with its place and remedy. Never throws for what a file holds.</summary>
public static class ConfigurationLoader
{
    /// <summary>Largest file that is read, in bytes: room for some 400,000 entries.</summary>
    public const int MaxFileBytes = 64 << 20;

    /// <summary>Reads a file. As root, refuses one that somebody else could have written: see <c>docs/configuration.md</c>.</summary>
    /// <param name="path">The file; also names it in faults.</param>
    /// <param name="environment">Looks up a variable, null when it is not set; the process's own environment when left out.</param>
    /// <param name="time">The clock, for dates that are over; the machine's when left out.</param>
    public static LoadedConfiguration Load(string path, Func<string, string?>? environment = null, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FaultList faults = new(path);
        byte[]? content = ConfigurationFile.Read(path, faults);
        return content is null ? faults.Finish(null) : Parse(content, path, environment ?? Environment.GetEnvironmentVariable, faults, time);
    }

    /// <summary>Reads a text as if it were the file at <paramref name="path"/>, which need not exist.</summary>
    public static LoadedConfiguration Parse(string text, string path, Func<string, string?> environment, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(environment);
        return Parse(Encoding.UTF8.GetBytes(text), path, environment, new FaultList(path), time);
    }

    internal static LoadedConfiguration Parse(ReadOnlySpan<byte> content, string path, Func<string, string?> environment, FaultList faults, TimeProvider? time = null)
    {
        if (content.Length > MaxFileBytes)
        {
            faults.Add($"is larger than {MaxFileBytes >> 20} MiB", "split the entries among several daemons, or give them over the admin socket");
            return faults.Finish(null);
        }

        if (TextDecoder.Decode(content, faults) is not { } text) return faults.Finish(null);
        YamlNode? root = YamlReader.Read(text, faults);
        if (root is null && !faults.IsEmpty) return faults.Finish(null);
        string directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        return faults.Finish(AgentSection.Read(Section.Root(root, new ReadContext(faults, environment, directory) { Time = time ?? TimeProvider.System })));
    }
}
