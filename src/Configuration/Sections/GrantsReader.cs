using System.Text.Json;
using Spiffe.Agent.Configuration.Yaml;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary>Authorization details (RFC 9396) as YAML: put into JSON, judged by the one reader of grants, and each fault taken back to its place in the file.</summary>
internal static class GrantsReader
{
    private const string Remedy = "see 'grants' in docs/configuration.md";

    /// <summary>The grant, or null where something is wrong with it; <see cref="AuthorizationDetails.None"/> where none is written.</summary>
    public static AuthorizationDetails? Read(Section section, string key)
    {
        int before = section.Faults.Count;
        List<GrantJson> details = [];
        foreach (Section child in section.Children(key).Where(child => !child.IsBroken))
        {
            int beforeThis = section.Faults.Count;
            GrantJson detail = GrantJson.Of(child);
            details.Add(detail);
            if (section.Faults.Count != beforeThis) continue; // What is not there because of that is not missing as well.

            // Alone, a later step misses the earlier ones: that is for all of them together to say.
            if (!AuthorizationDetails.TryParse(detail.Alone, out _, out GrantFault? fault) && fault.Rule != GrantRule.Sequence) Say(fault, [detail], section, key);
        }

        if (section.Faults.Count != before) return null;
        if (AuthorizationDetails.TryParse(Together(details), out AuthorizationDetails? all, out GrantFault? wrong)) return all;
        Say(wrong, details, section, key);
        return null;
    }

    private static byte[] Together(List<GrantJson> details)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartArray();
            foreach (GrantJson detail in details) json.WriteRawValue(detail.Object.Span, skipInputValidation: true);
            json.WriteEndArray();
        }

        return stream.ToArray();
    }

    /// <summary>A path begins with <c>$[0]</c>: which detail, and then the way within it.</summary>
    private static void Say(GrantFault fault, List<GrantJson> details, Section section, string key)
    {
        int open = fault.Path.IndexOf('[', StringComparison.Ordinal), close = fault.Path.IndexOf(']', StringComparison.Ordinal);
        if (open < 0 || close < open || !int.TryParse(fault.Path.AsSpan(open + 1, close - open - 1), System.Globalization.CultureInfo.InvariantCulture, out int index) || index >= details.Count)
        {
            YamlPlace place = section.Raw(key)?.Place ?? section.Place;
            section.Faults.Add(place, section.Path.Key(key), null, $"is refused: {fault.Message}", Remedy);
            return;
        }

        details[index].Say(fault.Path[(close + 1)..], $"is refused: {fault.Message}", Remedy);
    }
}
