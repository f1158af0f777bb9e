using System.Text.Json;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>A question as canonical JSON, and back. What is empty is left out.</summary>
internal static class QuestionForm
{
    /// <summary>Bytes of most questions, beside what they say of the task.</summary>
    private const int Usual = 1_024;

    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 4 };

    public static ReadOnlyMemory<byte> Write(RecordedQuestion question)
    {
        CanonicalWriter writer = new(Usual + question.Task.Canonical.Length);
        writer.BeginObject();
        Text(writer, "act", TaskActs.NameOf(question.Act));
        if (question.Action is { } action) Write(writer, action);
        Number(writer, "approvals", question.Approvals);
        Text(writer, "goal_s256", question.GoalDigest);
        writer.Name("intent_changed");
        writer.Boolean(question.IntentChanged);
        Text(writer, "intent_s256", question.IntentDigest);
        Text(writer, "reason", question.Reason);
        if (question.Remaining is { } remaining) Number(writer, "remaining", remaining);
        Text(writer, "sensitivity", Sensitivities.NameOf(question.Sensitivity));
        writer.Name("task");
        writer.Raw(question.Task.Canonical);
        Text(writer, "ticket", question.Ticket);
        Number(writer, "time_ms", question.Time);
        Text(writer, "trigger", question.Trigger);
        Number(writer, "uses", question.Uses);
        writer.EndObject();
        return writer.WrittenMemory;
    }

    /// <summary>Reads a question; what is there besides shows when it is written again.</summary>
    /// <returns>What is wrong, or empty.</returns>
    public static string Read(ReadOnlyMemory<byte> json, TaskEntities? known, out RecordedQuestion? question)
    {
        question = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Depth);
            question = Read(document.RootElement, known);
            return "";
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            return "not a question: " + e.Message;
        }
    }

    private static RecordedQuestion Read(JsonElement root, TaskEntities? known)
    {
        if (!TaskActs.TryParse(Text(root, "act"), out TaskAct act)) throw new FormatException("its act is not known");
        if (!Sensitivities.TryParse(Text(root, "sensitivity"), out Sensitivity sensitivity)) throw new FormatException("its sensitivity is not known");
        bool hasAction = root.TryGetProperty("action"u8, out JsonElement action);
        if (hasAction != (act == TaskAct.Use)) throw new FormatException("a use is of an action, and nothing else is");
        return new RecordedQuestion
        {
            Act = act,
            Task = TaskOf(root.GetProperty("task"u8), known),
            Time = root.GetProperty("time_ms"u8).GetInt64(),
            GoalDigest = Text(root, "goal_s256") ?? "",
            IntentDigest = Text(root, "intent_s256") ?? "",
            Reason = Text(root, "reason") ?? "",
            Ticket = Text(root, "ticket") ?? "",
            Sensitivity = sensitivity,
            IntentChanged = root.GetProperty("intent_changed"u8).GetBoolean(),
            Trigger = Text(root, "trigger") ?? "",
            Approvals = root.GetProperty("approvals"u8).GetInt32(),
            Action = hasAction ? ActionForm.Read(action, sensitivity) : null,
            Uses = root.GetProperty("uses"u8).GetInt64(),
            Remaining = root.TryGetProperty("remaining"u8, out JsonElement remaining) ? remaining.GetInt64() : null,
        }.Sealed();
    }

    private static TaskEntities TaskOf(JsonElement task, TaskEntities? known) =>
        known is not null && System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(task).SequenceEqual(known.Canonical) ? known : new TaskEntities(FactsForm.Read(task));

    private static void Write(CanonicalWriter writer, ActionQuestion action)
    {
        writer.Name("action");
        ActionForm.Write(writer, action);
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;

    private static void Text(CanonicalWriter writer, string name, string text)
    {
        if (text.Length == 0) return;
        writer.Name(name);
        writer.String(text);
    }

    private static void Number(CanonicalWriter writer, string name, long value)
    {
        writer.Name(name);
        writer.Number(value);
    }
}
