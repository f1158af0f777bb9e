using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Json;

/// <summary>
/// Policies as JSON, both ways: what is written reads back as the same policies, their spans left out. Cedar docs, "JSON policy format".
/// </summary>
public static class PolicyJson
{
    /// <summary>Objects and arrays within each other: two for each level of an expression, and some around it.</summary>
    internal const int MaxDepth = (2 * SyntaxLimits.MaxDepth) + 128;

    /// <summary>Writes a policy or template.</summary>
    public static string Write(PolicyStatement statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return Write(writer => new PolicyWriter(writer).WriteStatement(statement));
    }

    /// <summary>Writes a set: static policies and templates apart, under their ids.</summary>
    public static string Write(IEnumerable<PolicyStatement> statements)
    {
        ArgumentNullException.ThrowIfNull(statements);
        return Write(writer => new PolicyWriter(writer).WriteSet([.. statements]));
    }

    /// <summary>Reads a policy or template.</summary>
    /// <param name="json">The text.</param>
    /// <param name="id">What decisions will call it.</param>
    /// <param name="statement">What was read.</param>
    /// <param name="fault">What is wrong.</param>
    public static bool TryParse(ReadOnlyMemory<byte> json, string id, [NotNullWhen(true)] out PolicyStatement? statement, [NotNullWhen(false)] out JsonFault? fault)
    {
        ArgumentNullException.ThrowIfNull(id);
        PolicyStatement? read = null;
        bool isRead = JsonReading.TryRead(json, (reading, root) => (read = new PolicyReader(reading).Statement(root, id)) is not null, out fault, MaxDepth);
        statement = isRead ? read : null;
        return statement is not null;
    }

    /// <summary>Reads a set: its static policies, its templates, and the policies that its links make of those.</summary>
    public static bool TryParseSet(ReadOnlyMemory<byte> json, out ImmutableArray<PolicyStatement> statements, [NotNullWhen(false)] out JsonFault? fault)
    {
        ImmutableArray<PolicyStatement>? read = null;
        bool isRead = JsonReading.TryRead(json, (reading, root) => (read = new PolicySetReader(reading).Read(root)) is not null, out fault, MaxDepth);
        statements = isRead ? read!.Value : [];
        return isRead;
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = true, MaxDepth = MaxDepth })) write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
