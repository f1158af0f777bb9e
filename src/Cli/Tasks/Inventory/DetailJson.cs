using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks.Inventory;

/// <summary>All of one task for programs: docs/cli.md.</summary>
internal static class DetailJson
{
    public static string Write(TaskDetail task, IReadOnlyList<TaskEvent> events) => JsonText.Object(onOneLine: false, json =>
    {
        SummaryJson.Write(json, task.Summary ?? new TaskSummary());
        json.WriteString("executable", TaskJson.Known(task.Executable));
        json.WriteTexts("chain", task.Chain);
        json.WriteTexts("children", task.Children);
        json.WriteString("intent_s256", TaskJson.Known(task.IntentS256));
        json.WriteString("decision_id", TaskJson.Known(task.DecisionId));
        json.WriteString("policy_digest", TaskJson.Known(task.PolicyDigest));
        json.WriteTexts("deciding_policies", task.DecidingPolicies);
        json.WriteObjects("rights", task.Rights, TaskJson.Write);
        json.WriteObjects("dropped", task.Dropped, TaskJson.Write);
        json.WriteObjects("credentials", task.Credentials, (_, credential) =>
        {
            json.WriteString("kind", credential.Kind);
            json.WriteString("id", credential.Id);
            TaskJson.WriteMoment(json, "expires_at", credential.ExpiresAt);
            json.WriteNumber("generation", credential.Generation);
        });
        json.WriteObjects("events", events, TaskJson.Write);
        if (task.Receipt is null)
        {
            json.WriteNull("receipt");
            return;
        }

        json.WriteStartObject("receipt");
        TaskJson.Write(json, task.Receipt);
        json.WriteEndObject();
    });
}
