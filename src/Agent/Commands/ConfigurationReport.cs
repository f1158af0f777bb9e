using System.Text.Json;
using Spiffe.Agent.Configuration;

namespace Spiffe.Agent.Commands;

/// <summary>Faults and warnings of a configuration, for people and for machines.</summary>
internal static class ConfigurationReport
{
    /// <summary>One line each, as compilers write them, and a count when there is a fault.</summary>
    public static void Write(LoadedConfiguration loaded, TextWriter to)
    {
        foreach (ConfigurationFault warning in loaded.Warnings) to.WriteLine($"warning: {warning}");
        foreach (ConfigurationFault fault in loaded.Faults) to.WriteLine(fault);
        if (loaded.Faults.Length > 0) to.WriteLine(loaded.Faults.Length == 1 ? "1 fault" : $"{loaded.Faults.Length} faults");
    }

    /// <summary><c>{"good": …, "faults": […], "warnings": […]}</c>.</summary>
    public static void WriteJson(LoadedConfiguration loaded, Stream to)
    {
        using Utf8JsonWriter writer = new(to, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteBoolean("good", loaded.Options is not null);
        WriteArray(writer, "faults", loaded.Faults);
        WriteArray(writer, "warnings", loaded.Warnings);
        writer.WriteEndObject();
        writer.Flush();
        to.WriteByte((byte)'\n');
    }

    private static void WriteArray(Utf8JsonWriter writer, string name, IEnumerable<ConfigurationFault> faults)
    {
        writer.WriteStartArray(name);
        foreach (ConfigurationFault fault in faults) fault.WriteTo(writer);
        writer.WriteEndArray();
    }
}
