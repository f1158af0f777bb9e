using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>Tasks in the inventory: who does what for whom, with which rights, used and unused, until when.</summary>
internal static class InventoryTasks
{
    /// <param name="json">Where to.</param>
    /// <param name="task">Which.</param>
    /// <param name="isDetailed">Whether there is room for what the task itself has named.</param>
    public static void Write(InventoryWriter json, TaskView task, bool isDetailed)
    {
        json.Flag("abridged", !isDetailed);
        if (isDetailed) json.Objects("approvals", task.OpenApprovals, approval => Write(json, approval));
        json.Flag("automatic", task.IsAutomatic);
        json.Text("bound_to", task.BoundTo);
        json.Text("cause", task.Cause);
        if (isDetailed) json.Texts("chain", task.Chain);
        if (isDetailed) json.Texts("children", [.. task.Children.Select(static child => child.ToString())]);
        if (isDetailed) json.Objects("credentials", task.Credentials, credential => Write(json, credential));
        json.Moment("deadline", task.Deadline);
        json.Text("decision", task.DecisionId);
        json.Number("depth", task.Depth);
        if (isDetailed) json.Text("executable", task.Executable);
        json.Number("generation", task.Generation);
        if (isDetailed) json.Text("goal", task.Goal);
        json.Text("id", task.Id.ToString());
        json.Moment("idle_until", task.IdleUntil);
        json.Text("intent_s256", task.IntentDigest);
        if (isDetailed && !task.Labels.IsEmpty)
        {
            json.Object("labels", () =>
            {
                foreach ((string key, string value) in task.Labels) json.Label(key, value);
            });
        }

        json.Moment("last_used_at", task.LastUsedAt);
        json.Moment("lease_until", task.LeaseUntil);
        json.Number("live_credentials", task.Credentials.Length);
        json.Text("owner", task.Owner);
        json.Text("parent", task.Parent?.ToString());
        json.Text("policy", task.PolicyDigest);
        json.Number("process_id", task.ProcessId);
        json.Text("purpose", task.Purpose);
        if (isDetailed) json.Objects("rights", task.Rights, right => Write(json, right));
        WriteCounts(json, task);
        json.Text("root", task.Correlation.ToString());
        json.Text("spiffe_id", task.SpiffeId.ToString());
        json.Moment("started_at", task.StartedAt);
        json.Text("state", task.State.NameOf().ToLowerInvariant());
        json.Text("subject", task.Subject);
        json.Text("template", task.Template);
        json.Text("ticket", task.Ticket);
        json.Number("user_id", task.UserId);
        json.Number("withheld", task.Withheld);
    }

    public static void WriteEnded(InventoryWriter json, TaskView task)
    {
        json.Text("cause", task.Cause);
        json.Moment("ended_at", task.EndedAt);
        json.Text("id", task.Id.ToString());
        json.Text("offboarding", task.Receipt is { } receipt ? ReceiptNote.NameOf(receipt.Check.State).ToLowerInvariant() : null);
        json.Text("owner", task.Owner);
        if (task.Receipt?.Check.Residue is { } residue) json.Number("residue", residue.FindingsInAll);
        json.Number("revoked", task.Receipt?.Revoked.Length ?? 0);
        WriteCounts(json, task);
        json.Text("state", task.State.NameOf().ToLowerInvariant());
        json.Text("template", task.Template);
    }

    private static void WriteCounts(InventoryWriter json, TaskView task)
    {
        json.Number("rights_unused", task.Rights.Count(static right => right.Used == 0));
        json.Number("rights_used", task.Rights.Count(static right => right.Used > 0));
    }

    private static void Write(InventoryWriter json, PendingApproval approval)
    {
        json.Moment("expires_at", approval.ExpiresAt);
        json.Text("id", approval.Id);
        json.Text("question", approval.Question);
    }

    private static void Write(InventoryWriter json, CredentialView credential)
    {
        json.Moment("expires_at", credential.ExpiresAt);
        json.Number("generation", credential.Generation);
        json.Text("id", credential.Id);
        json.Text("kind", credential.Kind.ToLowerInvariant());
    }

    private static void Write(InventoryWriter json, RightView right)
    {
        json.Raw("detail", right.Detail);
        if (right.Remaining >= 0) json.Number("remaining", right.Remaining);
        json.Number("used", right.Used);
    }
}
