using System.Text;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Tasks.Decisions;

namespace Spiffe.Agent.Issuance.Journal;

/// <summary>Policies as records: their whole text, so that whoever has the log can take every decision again.</summary>
internal static class PolicyRecords
{
    /// <summary>Of one part, in bytes of UTF-8. Ours: even if JSON must write each byte as six, it fits into an entry.</summary>
    private const int MaxPart = 10_000;

    /// <summary>The texts first, each source in parts, and behind them what they make.</summary>
    public static void Write(RulesInForce rules, Action<string, RecordFields> write)
    {
        for (int i = 0; i < rules.Sources.Length; i++)
        {
            PolicySource source = rules.Sources[i];
            List<string> parts = PartsOf(source.Text);
            for (int part = 0; part < parts.Count; part++)
            {
                write(RecordTypes.PolicySource, new RecordFields()
                    .Add(RecordNames.PolicyDigest, rules.Policies.Digest)
                    .Add("name", source.Name)
                    .Add("source", i)
                    .Add("part", part)
                    .Add("parts", parts.Count)
                    .Add("text", parts[part]));
            }
        }

        write(RecordTypes.PoliciesLoaded, new RecordFields().Add(RecordNames.PolicyDigest, rules.Policies.Digest).Add("sources", [.. rules.Sources.Select(static source => source.Name)]));
    }

    private static List<string> PartsOf(string text)
    {
        List<string> parts = [];
        StringBuilder part = new();
        int bytes = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > MaxPart)
            {
                parts.Add(part.ToString());
                part.Clear();
                bytes = 0;
            }

            part.Append(rune);
            bytes += rune.Utf8SequenceLength;
        }

        if (part.Length > 0 || parts.Count == 0) parts.Add(part.ToString());
        return parts;
    }
}
