using System.Collections.Immutable;
using System.Text.Json;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>The facts of a task as canonical JSON, and back.</summary>
internal static class FactsForm
{
    public static byte[] Write(TaskFacts facts)
    {
        CanonicalWriter writer = new();
        writer.BeginObject();
        writer.Name("ancestors");
        writer.BeginArray();
        foreach (TaskId ancestor in facts.Ancestors) writer.String(ancestor.ToString());
        writer.EndArray();
        Text(writer, "id", facts.Id.ToString());
        Text(writer, "issuer", facts.Issuer);
        writer.Name("labels");
        writer.BeginObject();
        foreach ((string name, string label) in facts.Labels) Text(writer, name, label);
        writer.EndObject();
        Text(writer, "owner", facts.Owner);
        writer.Name("selectors");
        writer.BeginArray();
        foreach (string selector in facts.Selectors.Select(selector => selector.ToString()).Order(StringComparer.Ordinal)) writer.String(selector);
        writer.EndArray();
        Text(writer, "subject", facts.Subject);
        Text(writer, "template", facts.Template);
        writer.EndObject();
        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote; what it did not write shows when this is written again.</summary>
    /// <exception cref="FormatException">Something is no id or no selector.</exception>
    /// <exception cref="InvalidOperationException">Something is of another kind.</exception>
    /// <exception cref="KeyNotFoundException">Something is missing.</exception>
    public static TaskFacts Read(JsonElement facts) => new()
    {
        Ancestors = [.. facts.GetProperty("ancestors"u8).EnumerateArray().Select(IdOf)],
        Id = IdOf(facts.GetProperty("id"u8)),
        Issuer = Text(facts.GetProperty("issuer"u8)),
        Labels = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, facts.GetProperty("labels"u8).EnumerateObject().Select(label => KeyValuePair.Create(label.Name, Text(label.Value)))),
        Owner = Text(facts.GetProperty("owner"u8)),
        Selectors = new SelectorSet([.. facts.GetProperty("selectors"u8).EnumerateArray().Select(SelectorOf)]),
        Subject = Text(facts.GetProperty("subject"u8)),
        Template = Text(facts.GetProperty("template"u8)),
    };

    private static TaskId IdOf(JsonElement element) => TaskId.TryParse(element.GetString(), out TaskId? id) ? id : throw new FormatException("not the id of a task");

    // As it was written, whatever its value holds: attestors have made it, not a file that somebody wrote.
    private static Selector SelectorOf(JsonElement element) =>
        Text(element) is var text && text.IndexOf(':', StringComparison.Ordinal) is >= 0 and int colon ? new Selector(text[..colon], text[(colon + 1)..]) : throw new FormatException("not a selector");

    private static string Text(JsonElement element) => element.GetString() ?? throw new FormatException("not a text");

    private static void Text(CanonicalWriter writer, string name, string text)
    {
        writer.Name(name);
        writer.String(text);
    }
}
