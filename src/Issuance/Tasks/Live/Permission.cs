using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>What came of judging one action, before its token is signed.</summary>
/// <param name="Generation">Of the task, for which the token is.</param>
/// <param name="Terms">What the token may be.</param>
/// <param name="Remaining">Uses that are left; -1: not counted.</param>
/// <param name="Decision">What policies said; null with a violation.</param>
/// <param name="Violation">Set instead: the action left what may never be left.</param>
internal readonly record struct Permission(
    int Generation, SvidTerms Terms, long Remaining, TaskDecision? Decision, (ActionReason Reason, string Detail)? Violation)
{
    /// <summary>The count before and behind this step, and the approval that it used up: to be given back when no token leaves.</summary>
    public UseLedger? Before { get; init; }

    public UseLedger? After { get; init; }

    public TaskApproval? Approval { get; init; }

    public static Permission Leaves(ActionReason reason, string detail) => new(0, default, 0, null, (reason, detail));
}
