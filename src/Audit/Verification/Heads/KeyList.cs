using System.Collections.Immutable;
using System.Text;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Verification.Files;

namespace Spiffe.Agent.Audit.Verification.Heads;

/// <summary>The keys that a log says are its own: worth nothing by themselves, whoever wrote the log wrote them.</summary>
internal static class KeyList
{
    public const string Path = "log.vkey";

    /// <summary>Longest line, in bytes: a name of 255 characters, and the key.</summary>
    private const int MaxLine = 1_100;

    /// <summary>Nothing, and a finding, where the file is not a line for each key, all of one name.</summary>
    public static ImmutableArray<NoteVerifierKey> Read(LogFiles files, FindingList findings)
    {
        byte[] buffer = [];
        FileOutcome outcome = files.Read(Path, KeyHistory.MaxKeys * MaxLine, ref buffer, out int length);
        if (outcome != FileOutcome.Done)
        {
            findings.Add(outcome, FindingKind.KeysMalformed, Path);
            return [];
        }

        List<NoteVerifierKey> keys = [];
        string[] lines = Encoding.UTF8.GetString(buffer, 0, length).Split('\n');
        string fault = lines.Length < 2 || lines[^1].Length > 0 ? "does not end with a newline" : lines.Length > KeyHistory.MaxKeys ? "holds too many keys" : "";
        for (int i = 0; fault.Length == 0 && i < lines.Length - 1; i++)
        {
            if (!NoteVerifierKey.TryParse(lines[i], out NoteVerifierKey? key, out fault)) break;
            if (key.Kind != SignatureKind.Ed25519 || !string.Equals(key.Name, (keys.Count > 0 ? keys[0] : key).Name, StringComparison.Ordinal)) fault = "not a key of one log";
            keys.Add(key);
        }

        if (fault.Length == 0) return [.. keys];
        findings.Add(FindingKind.KeysMalformed, Path, null, fault);
        return [];
    }
}
