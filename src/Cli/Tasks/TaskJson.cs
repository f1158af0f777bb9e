using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks;

/// <summary>Parts of a task for programs: docs/cli.md. Never a token.</summary>
internal static class TaskJson
{
    public static string Write(TaskHandle handle) => JsonText.Object(onOneLine: false, json => Write(json, handle));

    public static string Write(OffboardingReceipt receipt) => JsonText.Object(onOneLine: false, json => Write(json, receipt));

    public static void Write(Utf8JsonWriter json, TaskHandle handle)
    {
        json.WriteString("task_id", handle.TaskId);
        json.WriteString("spiffe_id", handle.SpiffeId);
        json.WriteString("template", handle.Template);
        json.WriteString("state", TaskWords.Name(handle.State));
        json.WriteString("cause", Known(handle.Cause));
        json.WriteNumber("generation", handle.Generation);
        WriteDetails(json, "authorization_details", handle.AuthorizationDetails);
        json.WriteObjects("dropped", handle.Dropped, Write);
        WriteMoment(json, "started_at", handle.StartedAt);
        WriteMoment(json, "lease_until", handle.LeaseUntil);
        WriteMoment(json, "deadline", handle.Deadline);
        json.WriteString("decision_id", Known(handle.DecisionId));
        json.WriteString("policy_digest", Known(handle.PolicyDigest));
        json.WriteString("intent_s256", Known(handle.IntentS256));
        WriteApproval(json, handle.Approval);
        json.WriteString("parent_task_id", Known(handle.ParentTaskId));
        json.WriteString("correlation_id", Known(handle.CorrelationId));
        json.WriteNumber("depth", handle.Depth);
    }

    public static void Write(Utf8JsonWriter json, OffboardingReceipt receipt)
    {
        json.WriteString("task_id", receipt.TaskId);
        json.WriteString("state", TaskWords.Name(receipt.State));
        WriteMoment(json, "ended_at", receipt.EndedAt);
        json.WriteString("cause", Known(receipt.Cause));
        json.WriteTexts("revoked_credentials", receipt.RevokedCredentials);
        json.WriteTexts("ended_subtasks", receipt.EndedSubtasks);
        json.WriteObjects("rights", receipt.Rights, Write);
        if (receipt.Outcome == OffboardingOutcome.Unspecified) return;
        json.WriteString("outcome", TaskWords.Name(receipt.Outcome));
        WriteMoment(json, "checked_at", receipt.CheckedAt);
        json.WriteObjects("checks", receipt.Checks, Write);
        json.WriteObjects("findings", receipt.Findings, Write);
        json.WriteNumber("findings_in_all", receipt.FindingsInAll);
        json.WriteObjects("gaps", receipt.Gaps, Write);
        json.WriteNumber("gaps_in_all", receipt.GapsInAll);
        json.WriteString("note", Known(receipt.Note));
    }

    public static void Write(Utf8JsonWriter json, RefusalCheck check)
    {
        json.WriteString("channel", check.Channel);
        json.WriteNumber("tested", check.Tested);
        json.WriteTexts("accepted", check.Accepted);
    }

    public static void Write(Utf8JsonWriter json, ResidueFinding found)
    {
        json.WriteString("place", found.Place);
        json.WriteString("path", found.Path);
        json.WriteNumber("offset", found.Offset);
        json.WriteString("credential_kind", found.CredentialKind);
        json.WriteString("credential", found.Credential);
        json.WriteString("form", found.Form);
    }

    public static void Write(Utf8JsonWriter json, ResidueGap gap)
    {
        json.WriteString("place", gap.Place);
        json.WriteString("path", gap.Path);
        json.WriteString("reason", gap.Reason);
        json.WriteString("detail", Known(gap.Detail));
    }

    public static void Write(Utf8JsonWriter json, Right right)
    {
        WriteDetails(json, "detail", right.Detail);
        json.WriteNumber("used", right.Used);
        if (right.Remaining < 0) json.WriteNull("remaining");
        else json.WriteNumber("remaining", right.Remaining);
    }

    public static void Write(Utf8JsonWriter json, DroppedGrant dropped)
    {
        WriteDetails(json, "detail", dropped.Detail);
        json.WriteString("reason", dropped.Reason);
    }

    public static void Write(Utf8JsonWriter json, TaskEvent happened)
    {
        json.WriteNumber("sequence", happened.Sequence);
        WriteMoment(json, "at", happened.At);
        json.WriteString("kind", happened.Kind);
        json.WriteString("state", TaskWords.Name(happened.State));
        json.WriteNumber("generation", happened.Generation);
        json.WriteString("detail", Known(happened.Detail));
        json.WriteString("task_id", happened.TaskId);
        json.WriteString("correlation_id", Known(happened.CorrelationId));
        json.WriteString("decision_id", Known(happened.DecisionId));
    }

    public static void WriteApproval(Utf8JsonWriter json, Approval? approval)
    {
        if (approval is null)
        {
            json.WriteNull("approval");
            return;
        }

        json.WriteStartObject("approval");
        json.WriteString("id", approval.Id);
        WriteMoment(json, "expires_at", approval.ExpiresAt);
        json.WriteString("question", approval.Question);
        json.WriteEndObject();
    }

    public static void WriteMoment(Utf8JsonWriter json, string name, Timestamp? moment)
    {
        if (moment is null) json.WriteNull(name);
        else json.WriteMoment(name, moment.ToDateTimeOffset());
    }

    public static string? Known(string text) => text.Length > 0 ? text : null;

    /// <summary>JSON of the agent as JSON; what is none as a text, so that the document stays whole.</summary>
    private static void WriteDetails(Utf8JsonWriter json, string name, string details)
    {
        json.WritePropertyName(name);
        if (details.Length == 0)
        {
            json.WriteNullValue();
            return;
        }

        try
        {
            using JsonDocument parsed = JsonDocument.Parse(details);
            parsed.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(details);
        }
    }
}
