using System.Text.Json;
using Spiffe.Agent.Configuration.Values;

namespace Spiffe.Agent.Configuration.Yaml;

/// <summary>YAML as JSON whose values are all texts, as those of a key set are.</summary>
internal static class YamlJson
{
    /// <summary>The document; null where a text in it is half a character, which JSON cannot hold.</summary>
    public static byte[]? Of(YamlNode node)
    {
        if (!IsWhole(node)) return null;
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream)) Write(json, node);
        return stream.ToArray();
    }

    private static bool IsWhole(YamlNode node) => node switch
    {
        YamlMapping mapping => mapping.Members.All(member => WholeText.Is(member.Key.Text) && IsWhole(member.Value)),
        YamlSequence sequence => sequence.Items.All(IsWhole),
        YamlScalar scalar => WholeText.Is(scalar.Text),
        _ => false,
    };

    // No deeper than YamlReader.MaxDepth.
    private static void Write(Utf8JsonWriter json, YamlNode node)
    {
        switch (node)
        {
            case YamlMapping mapping:
                json.WriteStartObject();
                foreach ((YamlScalar key, YamlNode value) in mapping.Members)
                {
                    json.WritePropertyName(key.Text);
                    Write(json, value);
                }

                json.WriteEndObject();
                break;
            case YamlSequence sequence:
                json.WriteStartArray();
                foreach (YamlNode item in sequence.Items) Write(json, item);
                json.WriteEndArray();
                break;
            case YamlScalar scalar:
                json.WriteStringValue(scalar.Text);
                break;
        }
    }
}
