using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Spiffe.Agent.Cli.Output;

/// <summary>Writes one JSON document. A document for a pipe that is followed takes one line, so that every line is a document.</summary>
internal static class JsonText
{
    /// <param name="onOneLine">Without indentation.</param>
    /// <param name="write">Writes the members of the root object.</param>
    /// <returns>The document and a line feed.</returns>
    public static string Object(bool onOneLine, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> bytes = new();
        // Not for HTML: a plus sign in PEM stays one.
        JsonWriterOptions options = new() { Indented = !onOneLine, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter json = new(bytes, options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan) + "\n";
    }

    /// <summary>A moment as RFC 3339, whole seconds, UTC.</summary>
    public static void WriteMoment(this Utf8JsonWriter json, string name, DateTimeOffset moment) => json.WriteString(name, Moment.Rfc3339(moment));

    /// <summary>An array of texts.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>An array of objects.</summary>
    public static void WriteObjects<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
