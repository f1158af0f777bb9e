using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks;

// Before each privileged step: was it granted, is its turn and a use left, was it declared, does policy permit it now – then a token for it alone.
public sealed partial class TaskService
{
    /// <summary>May the caller's task do this, now? A permitted step comes with a token for one audience and one use; what was counted for it stays counted.</summary>
    public async ValueTask<(ActionDecision? Decision, TaskAnswer Refused)> AuthorizeAsync(Caller caller, string taskId, ActionAsk ask, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ask);
        if (await ReceiveAsync(caller, cancellationToken) is { } refused) return (null, refused);
        TaskRefusal refusal = TryFind(caller, taskId, alsoRequester: false, out LiveTask? task);
        return task is null ? (null, TaskAnswer.Refused(refusal)) : (await SettledAsync(task, ask, Authorize(task, ask), cancellationToken), default);
    }

    /// <summary>The permission is safe in the journal before the token leaves; otherwise the token is dead.</summary>
    private async ValueTask<ActionDecision> SettledAsync(LiveTask task, ActionAsk ask, ActionDecision decision, CancellationToken cancellationToken)
    {
        if (decision.Outcome != ActionOutcome.Permit || await _journal.SettleAsync(cancellationToken)) return decision;
        lock (task.Family.Gate) Withdraw(task, decision.TokenId);
        return Withhold(task, ask, decision.DecisionId, ActionReason.Unavailable, "it could not be written down");
    }

    /// <summary>A token that was signed and did not leave. Under the family's gate.</summary>
    private void Withdraw(LiveTask task, string tokenId)
    {
        _ledger.RevokeCredentials([(CredentialKind.ActionToken, tokenId)], RevocationReason.Withdrawn);
        _scribe.Revoked(task, "it did not leave", [(CredentialKind.ActionToken, tokenId)]);
    }

    private ActionDecision Authorize(LiveTask task, ActionAsk ask)
    {
        string decisionId = NewId();
        if (!ActionRules.TryRead(ask, out ActionQuestion? question, out string fault)) return Withhold(task, ask, decisionId, ActionReason.Malformed, fault);
        if (task.State == TaskState.Active && IsNotWhatItWas(task)) return Withhold(task, ask, decisionId, ActionReason.ProcessChanged, "the process is no longer what it was when the task began");

        Permission permission;
        lock (task.Family.Gate)
        {
            Permission? found = Judge(task, ask, question, decisionId, out ActionDecision? withheld);
            if (withheld is not null) return withheld;
            permission = found!.Value;
        }

        if (permission.Violation is { } violation) return Leave(task, ask, decisionId, violation);

        // Signing takes the longest, so it is done outside. For a task that ended meanwhile the ledger is closed, and one that ends right behind takes the token with it.
        ActionEntitlement entitlement = new(task, permission.Terms, signed => Permit(task, ask, permission, signed));
        Minted<JwtSvid> minted = _mint.SignJwt(entitlement, [ask.Audience]);
        lock (task.Family.Gate)
        {
            if (minted.Svid is not { } token) return Retract(task, ask, decisionId, permission, minted.IsUnrecorded ? "it could not be written down" : "the token could not be entered, or the task changed meanwhile");
            if (task.State != TaskState.Active || task.Generation != permission.Generation) return Withhold(task, ask, decisionId, WhyNot(task.State), "the task changed meanwhile, and the token is dead");
            Used(task, question);
            task.Changed.Raise();
            return new ActionDecision
            {
                Outcome = ActionOutcome.Permit,
                Token = token.Token,
                TokenId = token.TokenId!,
                ExpiresAt = token.ExpiresAt,
                Remaining = permission.Remaining,
                DecisionId = decisionId,
                TaskState = task.State,
            };
        }
    }

    /// <summary>Enters the token, which is also the record that the action is permitted.</summary>
    private Leaving Permit(LiveTask task, ActionAsk ask, Permission permission, SignedSvid signed) => _credentials.Enter(
        task,
        permission.Generation,
        CredentialKind.ActionToken,
        permission.Terms,
        signed,
        () => _scribe.Note(task, TaskEntryKind.Permitted, "action", "", permission.Decision!, entry => ActionRules.Describe(entry, ask) with
        {
            CredentialKind = CredentialKind.ActionToken,
            CredentialId = signed.Id,
            ExpiresAt = signed.ExpiresAt,
        }));

    /// <summary>No token leaves: what was counted for it is given back, if nothing else was counted since. Under the family's gate.</summary>
    private ActionDecision Retract(LiveTask task, ActionAsk ask, string decisionId, Permission permission, string why)
    {
        if (ReferenceEquals(task.Uses, permission.After)) task.Uses = permission.Before!;
        if (permission.Approval is { } approval && task.State == TaskState.Active && task.Generation == permission.Generation) task.Approvals.Add(approval);
        return Withhold(task, ask, decisionId, WhyNot(task.State), why);
    }

    private static ActionReason WhyNot(TaskState state) => state switch
    {
        TaskState.Active => ActionReason.Unavailable,
        TaskState.Suspended => ActionReason.Suspended,
        TaskState.PendingApproval => ActionReason.ApprovalNeeded,
        _ => ActionReason.Revoked,
    };

    /// <summary>In order: state, grant, declaration, policy, approval, count. Under the family's gate.</summary>
    private Permission? Judge(LiveTask task, ActionAsk ask, ActionQuestion question, string decisionId, out ActionDecision? withheld)
    {
        withheld = null;
        if (task.State != TaskState.Active)
        {
            withheld = Withhold(task, ask, decisionId, WhyNot(task.State), task.Cause);
            return null;
        }

        if (question.Boundary is { } boundary && !task.Template.Boundaries.Contains(boundary, StringComparer.Ordinal)) return Permission.Leaves(ActionReason.BoundaryChanged, $"boundary {ActionRules.Shown(boundary)} is not of the template");
        GrantFinding finding = task.Grants.Find(question);
        if (!finding.IsGranted)
        {
            withheld = Withhold(task, ask, decisionId, ActionReason.NotGranted, finding.ClosestMiss?.Reason ?? "nothing is granted");
            return null;
        }

        IntentChanges left = task.Intent.LeftBy(question);
        if (left.HasFlag(IntentChanges.Boundaries)) return Permission.Leaves(ActionReason.BoundaryChanged, "the boundary is not among the declared ones");
        if (left != IntentChanges.None)
        {
            withheld = Withhold(task, ask, decisionId, ActionReason.NotDeclared, $"not among what was declared: {left}", ActionOutcome.NeedsIntentUpdate);
            return null;
        }

        UseOutcome use = task.Uses.TryUse(finding.Granting, _time.GetUtcNow(), out UseLedger after, out int index);
        if (use != UseOutcome.Counted)
        {
            withheld = Withhold(task, ask, decisionId, use switch
            {
                UseOutcome.Exhausted => ActionReason.Exhausted,
                UseOutcome.OutOfOrder => ActionReason.OutOfOrder,
                UseOutcome.Expired => ActionReason.Expired,
                _ => ActionReason.NotGranted,
            }, "");
            return null;
        }

        TaskApproval? approval = FindApproval(task, ask, question);
        TaskDecision decision = DecideUse(task, question, index, approval?.Given is not null ? 1 : 0, decisionId);
        if (decision.IsDenied)
        {
            withheld = Withhold(task, ask, decisionId, ActionReason.Policy, decision.Reasons.IsEmpty ? "no policy permits it" : $"forbidden by {string.Join(", ", decision.Reasons)}", decision: decision);
            return null;
        }

        if ((decision.Verdict == TaskVerdict.NeedsApproval || task.Template.Approval.Actions.Contains(question.Action, StringComparer.Ordinal)) && approval?.Given is null)
        {
            bool isVoid = ask.ApprovalId.Length > 0 && approval is null;
            TaskApproval? asked = isVoid ? null : approval ?? AskApproval(task, ActionRules.DigestOf(ask, question), ActionRules.Question(task, ask), _rules.Policies.Digest);
            Schedule(task);
            withheld = asked is null
                ? Withhold(task, ask, decisionId, isVoid ? ActionReason.ApprovalVoid : ActionReason.ApprovalNeeded, isVoid ? "the approval is not of this very action, or not any more" : "too many questions are open")
                : Withhold(task, ask, decisionId, ActionReason.ApprovalNeeded, "", ActionOutcome.NeedsApproval, decision) with { Approval = asked.View };
            return null;
        }

        if (_credentials.ActionTerms(task, task.Grants.Items[index].NarrowTo(question), question.Parameters.Digest, decisionId) is not { } terms)
        {
            withheld = Withhold(task, ask, decisionId, ActionReason.Unavailable, "its end is too near, or there is no room for a token");
            return null;
        }

        if (approval is not null) task.Approvals.Remove(approval); // One approval, one step.
        UseLedger before = task.Uses;
        task.Uses = after;
        task.Clocks = task.Clocks.Touch(_credentials.Uptime);
        task.LastUsedAt = _time.GetUtcNow();
        return new Permission(task.Generation, terms, after.Remaining(index) ?? -1, decision, null) { Before = before, After = after, Approval = approval };
    }

    private TaskApproval? FindApproval(LiveTask task, ActionAsk ask, ActionQuestion question)
    {
        if (ask.ApprovalId.Length == 0) return null;
        string digest = ActionRules.DigestOf(ask, question), policies = _rules.Policies.Digest;
        DropOverdueQuestions(task, _credentials.Uptime);
        return task.Approvals.Find(a => string.Equals(a.Id, ask.ApprovalId, StringComparison.Ordinal)
            && string.Equals(a.ActionDigest, digest, StringComparison.Ordinal) && a.IsBoundTo(task, policies));
    }

    /// <summary>The step leaves the boundary: denied, recorded, and the template's answer follows.</summary>
    private ActionDecision Leave(LiveTask task, ActionAsk ask, string decisionId, (ActionReason Reason, string Detail) violation)
    {
        ActionDecision withheld;
        lock (task.Family.Gate) withheld = Withhold(task, ask, decisionId, violation.Reason, violation.Detail);
        string cause = $"an action left the boundary: {violation.Detail}";
        if (task.Template.OnViolation == ViolationResponse.Suspend) Suspend(task, nameof(TaskTrigger.IntentLeft), cause);
        else if (task.Template.OnViolation == ViolationResponse.Revoke) End(task, TaskTrigger.Revoke, cause, RevocationReason.Withdrawn);
        return withheld with { TaskState = task.State };
    }

    private ActionDecision Withhold(LiveTask task, ActionAsk ask, string decisionId, ActionReason reason, string detail, ActionOutcome outcome = ActionOutcome.Deny, TaskDecision? decision = null)
    {
        lock (task.Family.Gate)
        {
            _scribe.Note(task, TaskEntryKind.Withheld, "action", reason.ToString(), entry => ActionRules.Describe(entry, ask) with
            {
                DecisionId = decisionId,
                Decided = decision,
            });
            task.Withheld++;
            task.Changed.Raise();
            return new ActionDecision { Outcome = outcome, Reason = reason, Detail = detail, DecisionId = decisionId, TaskState = task.State };
        }
    }
}
