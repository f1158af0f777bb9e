using System.Globalization;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Tasks;
using Outcome = Spiffe.Agent.Protocols.Tasks.ActionDecision.Types.Outcome;

namespace Spiffe.Agent.Cli.Tasks.Own;

/// <summary>The answer to <c>task authorize</c>. The token is in it only when that was asked for.</summary>
internal static class DecisionOutput
{
    public static string Text(ActionDecision decision, DateTimeOffset now, bool isStyled)
    {
        TextPage page = new(isStyled);
        page.Heading(Words(decision.Outcome), decision.Reason);
        if (decision.Detail.Length > 0) page.Field("detail", decision.Detail);
        if (decision.Outcome == Outcome.Permit) page.Field("uses left", decision.RemainingUses < 0 ? "not counted" : decision.RemainingUses.ToString(CultureInfo.InvariantCulture));
        if (decision.ActionToken.Length > 0) page.Field("token", $"with --token{(decision.ExpiresAt is { } at ? $"; expires {Moment.Distance(at.ToDateTimeOffset(), now)}" : "")}");
        if (decision.Approval is { } approval) page.Field("approval", $"{approval.Id}: {approval.Question}").Field("", $"approve with 'spiffe-agent task approve {approval.Id}', then ask again with --approval {approval.Id}");
        if (decision.DecisionId.Length > 0) page.Field("decision", decision.DecisionId);
        if (decision.TaskState is not (TaskState.Active or TaskState.Unspecified)) page.Field("task", TaskWords.Plain(decision.TaskState));
        return page.ToString();
    }

    public static string Json(ActionDecision decision, bool withToken) => JsonText.Object(onOneLine: false, json =>
    {
        json.WriteString("outcome", Name(decision.Outcome));
        json.WriteString("reason", TaskJson.Known(decision.Reason));
        json.WriteString("detail", TaskJson.Known(decision.Detail));
        if (withToken) json.WriteString("token", TaskJson.Known(decision.ActionToken));
        TaskJson.WriteMoment(json, "expires_at", decision.ExpiresAt);
        if (decision.RemainingUses < 0) json.WriteNull("remaining_uses");
        else json.WriteNumber("remaining_uses", decision.RemainingUses);
        json.WriteString("decision_id", TaskJson.Known(decision.DecisionId));
        TaskJson.WriteApproval(json, decision.Approval);
        json.WriteString("task_state", TaskWords.Name(decision.TaskState));
    });

    private static string Name(Outcome outcome) => outcome switch
    {
        Outcome.Permit => "permit",
        Outcome.NeedsApproval => "needs_approval",
        Outcome.NeedsIntentUpdate => "needs_intent_update",
        _ => "deny",
    };

    private static string Words(Outcome outcome) => outcome switch
    {
        Outcome.Permit => "permitted",
        Outcome.NeedsApproval => "needs approval",
        Outcome.NeedsIntentUpdate => "not what was declared: the intent must be updated first",
        _ => "denied",
    };
}
