using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>The digest under which a question is recorded: of everything that its answer depends on but the policies.</summary>
internal static class QuestionDigest
{
    public static string NameOf(TaskAct act) => act switch
    {
        TaskAct.Start => "start",
        TaskAct.Spawn => "spawn",
        TaskAct.Use => "use",
        TaskAct.Renew => "renew",
        TaskAct.Resume => "resume",
        _ => "update",
    };

    public static string Of(TaskQuestion question)
    {
        CanonicalWriter writer = new();
        writer.BeginObject();
        Text(writer, "act", NameOf(question.Act));
        if (question.Action is { } action) Action(writer, action);
        Number(writer, "approvals", question.Approvals);
        writer.Name("intent_changed");
        writer.Boolean(question.IntentChanged);
        Text(writer, "intent_s256", question.Intent.Digest);
        if (question.Remaining is { } remaining) Number(writer, "remaining", remaining);
        writer.Name("task");
        writer.Raw(question.Task.Canonical);
        Number(writer, "time_ms", question.Now.ToUnixTimeMilliseconds());
        Text(writer, "trigger", question.Trigger);
        Number(writer, "uses", question.Uses);
        writer.EndObject();
        return CanonicalJson.Digest(writer.Written);
    }

    private static void Action(CanonicalWriter writer, ActionQuestion action)
    {
        writer.Name("action");
        writer.BeginObject();
        Text(writer, "action", action.Action);
        Text(writer, "audience", action.Audience);
        Text(writer, "boundary", action.Boundary);
        Text(writer, "datatype", action.Datatype);
        Text(writer, "identifier", action.Identifier);
        Text(writer, "location", action.Location?.ToString());
        Text(writer, "params_s256", action.Parameters.Digest);
        Text(writer, "sensitivity", Sensitivities.NameOf(action.Sensitivity));
        Text(writer, "tool", action.Tool);
        Text(writer, "type", action.Type);
        writer.EndObject();
    }

    private static void Text(CanonicalWriter writer, string name, string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        writer.Name(name);
        writer.String(text);
    }

    private static void Number(CanonicalWriter writer, string name, long value)
    {
        writer.Name(name);
        writer.Number(value);
    }
}
