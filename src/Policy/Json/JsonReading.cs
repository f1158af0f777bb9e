using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Spiffe.Agent.Policy.Json;

/// <summary>A JSON text being read: where the reader is, and the first thing that it refused.</summary>
internal sealed class JsonReading
{
    private readonly List<string> _path = ["$"];

    /// <summary>What was refused first, or null.</summary>
    public JsonFault? Fault { get; private set; }

    /// <summary>Opens a text: UTF-8, no comments, no name twice in an object, within <see cref="JsonLimits"/>.</summary>
    /// <param name="json">The text.</param>
    /// <param name="read">Reads it; false where it refused something.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="maxDepth">Objects and arrays within each other.</param>
    public static bool TryRead(ReadOnlyMemory<byte> json, Func<JsonReading, JsonElement, bool> read, [NotNullWhen(false)] out JsonFault? fault, int maxDepth = JsonLimits.MaxDepth)
    {
        JsonReading reading = new();
        if (json.Length > JsonLimits.MaxBytes)
        {
            fault = new JsonFault("the text is longer than 64 MiB", "$");
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = maxDepth, AllowDuplicateProperties = false });
            if (!read(reading, document.RootElement)) _ = reading.Refuse("this is not what belongs here");
        }
        catch (JsonException e)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}");
            reading.Fault ??= new JsonFault("the text is no JSON, too deep, or has a name twice in one object", place);
        }
        catch (InvalidOperationException)
        {
            // Only a text with half of a surrogate pair or broken UTF-8 in it gets here: the kind of an element is looked at before it is read.
            reading.Refuse("a text is not Unicode");
        }

        fault = reading.Fault;
        return fault is null;
    }

    /// <summary>Remembers what is wrong here, unless something was before.</summary>
    /// <returns>False.</returns>
    public bool Refuse(string message)
    {
        if (Fault is not null) return false;
        StringBuilder path = new();
        foreach (string step in _path) path.Append(step);
        Fault = new JsonFault(message, path.ToString());
        return false;
    }

    /// <summary>Goes into a member of an object.</summary>
    public void Enter(string member) => _path.Add($".{member}");

    /// <summary>Goes into an element of an array.</summary>
    public void Enter(int index) => _path.Add(string.Create(CultureInfo.InvariantCulture, $"[{index}]"));

    /// <summary>Goes back out.</summary>
    public void Leave() => _path.RemoveAt(_path.Count - 1);

    /// <summary>The text of an element that is a string.</summary>
    public bool TryText(JsonElement element, [NotNullWhen(true)] out string? text)
    {
        text = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        return text is not null || Refuse("expected a string");
    }
}
