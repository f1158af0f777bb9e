using System.Text.Json;

namespace Spiffe.Agent.Attestation.Attestors.Engine;

/// <summary>Reads the JSON of engines. What is not as the API documents it, or says a thing twice, is malformed as a whole.</summary>
internal static class EngineAnswer
{
    /// <summary>Deepest nesting. 64. Ours: inspected containers nest 6 deep.</summary>
    private const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>An inspected container, from either engine; null when it is malformed.</summary>
    internal static EngineContainer? ReadContainer(ReadOnlyMemory<byte> json) => Read(json, static root =>
    {
        JsonElement state = root.GetProperty("State"), config = root.GetProperty("Config");
        return new EngineContainer(
            Text(root.GetProperty("Id")), state.GetProperty("Running").GetBoolean(), state.GetProperty("Pid").GetInt32(), Digest(TextOf(root, "Image")), TextOf(config, "Image"))
        {
            Name = TextOf(root, "Name").TrimStart('/'),
            PodId = TextOf(root, "Pod"),
            Labels = Filled(config, "Labels") is { } labels ? [.. labels.EnumerateObject().Select(label => KeyValuePair.Create(label.Name, Text(label.Value)))] : [],
            Environment = Filled(config, "Env") is { } variables ? [.. variables.EnumerateArray().Select(Text)] : [],
        };
    });

    /// <summary>The name of a pod that is this one and has this container in it; null when the answer is malformed, empty when it is about another.</summary>
    internal static string? ReadPodName(ReadOnlyMemory<byte> json, string podId, string containerId) => Read(json, root =>
        Text(root.GetProperty("Id")) == podId && root.GetProperty("Containers").EnumerateArray().Any(container => TextOf(container, "Id") == containerId)
            ? Text(root.GetProperty("Name"))
            : "");

    /// <summary>Whether this is what an engine says beside 404. A path that the server does not serve is answered otherwise.</summary>
    internal static bool IsMessage(ReadOnlyMemory<byte> json) => Read(json, static root => Text(root.GetProperty("message"))) is not null;

    private static T? Read<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T> take)
        where T : class
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            return take(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null; // not JSON; not of that type, or not UTF-8; not of that size; not there
        }
    }

    private static string Text(JsonElement element) => element.GetString() ?? throw new JsonException();

    private static string TextOf(JsonElement parent, string name) => parent.TryGetProperty(name, out JsonElement value) ? Text(value) : "";

    // Go writes empty maps and lists as null.
    private static JsonElement? Filled(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Digest(string image) => image.Length == 0 || image.Contains(':', StringComparison.Ordinal) ? image : string.Concat("sha256:", image);
}
