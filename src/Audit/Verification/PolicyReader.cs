using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Spiffe.Agent.Audit.Notes;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>Reads policy files line by line. C2SP tlog-policy, "Policy file syntax and structure".</summary>
internal sealed class PolicyReader
{
    /// <summary>Longest policy file, in bytes. Ours.</summary>
    private const int MaxLength = 1 << 18;

    /// <summary>Most logs, witnesses and groups, each. Ours; the format asks for at least 32.</summary>
    private const int MaxEach = 256;

    private const string NoQuorum = "none";

    private readonly List<NoteVerifierKey> _logs = [];
    private readonly List<NoteVerifierKey> _witnesses = [];
    private readonly List<string> _urls = [];
    private readonly Dictionary<string, WitnessGroup> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);
    private WitnessGroup? _quorum;
    private bool _hasQuorum;
    private int _groups;

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LogPolicy? policy, out string fault)
    {
        policy = null;
        PolicyReader reader = new();
        fault = bytes.Length > MaxLength ? $"longer than {MaxLength} bytes"
            : HasControls(bytes) ? "a control character"
            : "";
        if (fault.Length > 0) return false;
        string[] lines = Encoding.Latin1.GetString(bytes).Split('\n'); // Names are octets, compared as such.
        for (int i = 0; i < lines.Length; i++)
        {
            string[] words = lines[i].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#')) continue;
            string wrong = reader.Read(words);
            if (wrong.Length == 0) continue;
            fault = string.Create(CultureInfo.InvariantCulture, $"line {i + 1}: {wrong}");
            return false;
        }

        if (!reader._hasQuorum) fault = "there is no quorum";
        else policy = new LogPolicy([.. reader._logs], [.. reader._witnesses], reader._quorum) { WitnessUrls = [.. reader._urls] };
        return policy is not null;
    }

    private string Read(string[] words) => words switch
    {
        ["log", _] or ["log", _, _] => Log(words[1]),
        ["witness", var name, var key] => Witness(name, key, ""),
        ["witness", var name, var key, var url] => Witness(name, key, url),
        ["group", var name, var threshold, .. { Length: > 0 } members] => Group(name, threshold, members),
        ["quorum", var name] => Quorum(name),
        _ => "neither a log, a witness, a group nor a quorum",
    };

    private string Log(string text)
    {
        if (_logs.Count == MaxEach) return $"more than {MaxEach} logs";
        if (!NoteVerifierKey.TryParse(Utf8(text), out NoteVerifierKey? key, out string fault)) return fault;
        if (key.Kind != SignatureKind.Ed25519) return "the key is not a log's";
        if (IsKnown(_logs, key)) return "the key is there already";
        _logs.Add(key);
        return "";
    }

    private string Witness(string name, string text, string url)
    {
        if (_witnesses.Count == MaxEach) return $"more than {MaxEach} witnesses";
        if (!NoteVerifierKey.TryParse(Utf8(text), out NoteVerifierKey? key, out string fault)) return fault;
        if (key.Kind != SignatureKind.Cosignature) return "the key is not a witness's";
        if (IsKnown(_witnesses, key)) return "the key is there already";
        _witnesses.Add(key);
        _urls.Add(Utf8(url));
        return Define(name, new WitnessGroup(key, [], 1));
    }

    private string Group(string name, string threshold, string[] members)
    {
        if (++_groups > MaxEach) return $"more than {MaxEach} groups";
        List<WitnessGroup> found = [];
        foreach (string member in members)
        {
            if (!_names.TryGetValue(member, out WitnessGroup? group)) return $"'{member}' is not defined above";
            if (!_members.Add(member)) return $"'{member}' is in a group already";
            found.Add(group);
        }

        int k = threshold switch { "all" => found.Count, "any" => 1, _ => int.TryParse(threshold, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0 };
        return k >= 1 && k <= found.Count ? Define(name, new WitnessGroup(null, [.. found], k)) : "how many is neither all, any nor a number of members";
    }

    private string Quorum(string name)
    {
        if (_hasQuorum) return "there is a quorum already";
        if (name != NoQuorum && !_names.TryGetValue(name, out _quorum)) return $"'{name}' is not defined above";
        _hasQuorum = true;
        return "";
    }

    private string Define(string name, WitnessGroup group) => name == NoQuorum || !_names.TryAdd(name, group) ? $"'{name}' is defined already" : "";

    // Of a key, the name is text again.
    private static string Utf8(string octets) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(octets));

    // Two keys are the same when the public key is, under whatever name.
    private static bool IsKnown(List<NoteVerifierKey> keys, NoteVerifierKey key) => keys.Any(other => other.PublicKey.AsSpan().SequenceEqual(key.PublicKey.AsSpan()));

    private static bool HasControls(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if (b is (< 0x20 and not (byte)'\n' and not (byte)'\t') or 0x7f) return true;
        }

        return false;
    }
}
