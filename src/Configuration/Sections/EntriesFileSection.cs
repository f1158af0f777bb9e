using System.Collections.Immutable;
using Spiffe.Agent.Configuration.Files;
using Spiffe.Agent.Configuration.Yaml;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>entries_file</c>, and what is in that file.</summary>
internal static class EntriesFileSection
{
    /// <summary>The path, absolute, or null where none is written or it is at fault.</summary>
    public static string? ReadPath(Section file)
    {
        return file.Single("entries_file") is { } value ? FilePath.Read(file, value, "/var/lib/spiffe-agent/entries.yaml") : null;
    }

    /// <summary>What the file holds, with the same checks as the configuration itself. A file that is not there yet holds nothing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="section">Reads its entries.</param>
    /// <param name="others">The configuration's own entries.</param>
    /// <param name="faults">Where to say what is wrong.</param>
    public static KeptEntries Read(string path, EntriesSection section, ImmutableArray<Entry> others, FaultList faults)
    {
        if (!FileStatus.TryRead(path, followLink: true, out FileStatus status, out bool isAbsent) && isAbsent)
        {
            string directory = Path.GetDirectoryName(path)!;
            if (!Directory.Exists(directory)) faults.Warn("cannot be written: its directory does not exist, so every change over the admin socket will be refused", $"make {directory}, owned by the daemon's user");
            return new KeptEntries(path, [], null);
        }

        byte[]? content = ConfigurationFile.Read(path, faults);
        string? text = content is null ? null : TextDecoder.Decode(content, faults);
        YamlNode? root = text is null ? null : YamlReader.Read(text, faults);
        if (!faults.IsEmpty) return new KeptEntries(path, [], status);

        Section file = Section.Root(root, new ReadContext(faults, null, "/"));
        ImmutableArray<Entry> entries = section.Against(others, section.Read(file));
        file.RefuseUnknownKeys();
        return new KeptEntries(path, entries, status);
    }
}
