using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Spiffe.Agent.Configuration;

/// <summary>One thing that is wrong in a configuration: where, what, and what to do about it. Reads like a compiler's message.</summary>
public sealed record ConfigurationFault
{
    /// <summary>The file as it was named.</summary>
    public required string File { get; init; }

    /// <summary>From 1; 0 when the fault is the file's and no line's.</summary>
    public int Line { get; init; }

    /// <summary>From 1, in characters; 0 when the fault is the file's and no line's.</summary>
    public int Column { get; init; }

    /// <summary>The way to the value, such as <c>entries[3].selectors[0]</c>; empty for the file itself.</summary>
    public string Key { get; init; } = "";

    /// <summary>What was written there, before the environment was put in: never a secret that came from it.</summary>
    public string? Value { get; init; }

    /// <summary>What is wrong, as the end of a sentence that begins with the key.</summary>
    public required string Problem { get; init; }

    /// <summary>What to do about it.</summary>
    public required string Remedy { get; init; }

    /// <summary><c>agent.yaml:7:15: sockets.admin.mode: '0777' lets every user in; take the last digit's rights away, such as "0660"</c></summary>
    public override string ToString()
    {
        StringBuilder text = new(File);
        if (Line > 0) text.Append(CultureInfo.InvariantCulture, $":{Line}:{Column}");
        text.Append(": ");
        if (Key.Length > 0) text.Append(Key).Append(": ");
        if (Value is not null) text.Append('\'').Append(Value).Append("' ");
        return text.Append(Problem).Append("; ").Append(Remedy).ToString();
    }

    /// <summary>Writes the fault as one JSON object: file, line, column, key, value, problem, remedy.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("file", File);
        writer.WriteNumber("line", Line);
        writer.WriteNumber("column", Column);
        writer.WriteString("key", Key);
        writer.WriteString("value", Value);
        writer.WriteString("problem", Problem);
        writer.WriteString("remedy", Remedy);
        writer.WriteEndObject();
    }
}
