using System.Text;
using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Notes;

namespace Spiffe.Agent.Audit.Store.Keys;

/// <summary><c>log.vkey</c>: the keys that signed and sign for a log, a line each, oldest first.</summary>
internal static class VerifierKeyFile
{
    public const string Name = "log.vkey";

    /// <summary>Longest file that is read, in bytes. Ours: more keys than anybody changes to.</summary>
    private const int MaxLength = 1 << 20;

    /// <summary>The keys; none: there is no such file.</summary>
    /// <exception cref="AuditStoreException">It is not one.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<NoteVerifierKey> Read(string directory)
    {
        string path = Path.Combine(directory, Name);
        FileInfo file = new(path);
        if (!file.Exists) return [];
        if (file.Length > MaxLength) throw Refused(path, $"has more than {MaxLength} bytes");
        string text = File.ReadAllText(path, Encoding.UTF8);
        if (!text.EndsWith('\n')) throw Refused(path, "does not end in a newline");
        List<NoteVerifierKey> keys = [];
        foreach (string line in text[..^1].Split('\n'))
        {
            if (!NoteVerifierKey.TryParse(line, out NoteVerifierKey? key, out string fault)) throw Refused(path, $"line {keys.Count + 1}: {fault}");
            if (key.Kind != SignatureKind.Ed25519) throw Refused(path, $"line {keys.Count + 1}: not the key of a log");
            if (keys.Count > 0 && !string.Equals(keys[0].Name, key.Name, StringComparison.Ordinal)) throw Refused(path, $"line {keys.Count + 1}: names another log, {key.Name}");
            keys.Add(key);
        }

        return keys;
    }

    /// <exception cref="DiskException">It cannot be written.</exception>
    public static void Write(ILogDisk disk, IEnumerable<NoteVerifierKey> keys) =>
        StagedFiles.Replace(disk, Name, Encoding.UTF8.GetBytes(string.Concat(keys.Select(key => $"{key}\n"))));

    private static AuditStoreException Refused(string path, string fault) => new(path, fault, "put the log's own file back");
}
