using System.Collections.Immutable;
using System.Text;
using Spiffe.Agent.Replay.Decisions;
using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Replay.Records;
using Spiffe.Agent.Tasks.Decisions;

namespace Spiffe.Agent.Replay.Tasks;

// Decisions: by policies that were in force, and taken again where their question is kept.
internal sealed partial class TaskRules
{
    private void OnRefused(in ReplayEntry entry)
    {
        if (!entry.Data.Has(RecordMember.Verdict)) return;
        Decide(entry, null, isNeeded: false, out TaskVerdict? verdict);
        if (verdict is not TaskVerdict.Deny) context.Break(ReplayRule.MalformedEntry, entry.Seq, "", $"a task was refused by policies that said {Verdicts.NameOf(verdict)}");
    }

    /// <summary>Counts the decision of an entry, holds it to what was in force, and has it taken again.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="task">Its task; null: it was refused.</param>
    /// <param name="isNeeded">Whether there must be one.</param>
    /// <param name="verdict">What it says; null: nothing.</param>
    /// <param name="maxApprovals">Most people whose word may be counted.</param>
    /// <returns>The question of a permitted action, where it is kept; of others null, since they are read with many at once.</returns>
    private RecordedQuestion? Decide(in ReplayEntry entry, ReplayedTask? task, bool isNeeded, out TaskVerdict? verdict, int maxApprovals = 0)
    {
        verdict = Verdicts.Of(entry.Data.Utf8(RecordMember.Verdict));
        string digest = entry.Data.Text(RecordMember.InputS256), policy = entry.Data.Text(RecordMember.Policy);
        if (verdict is null || digest.Length == 0)
        {
            if (isNeeded) context.Break(ReplayRule.MalformedEntry, entry.Seq, task?.Id ?? "", $"{RecordKinds.NameOf(entry.Kind)} without verdict and input_s256");
            return null;
        }

        context.Decisions++;
        if (context.Policies.IsKnown && !context.Policies.IsInForce(policy, entry.At)) context.Break(ReplayRule.WrongPolicies, entry.Seq, task?.Id ?? "", $"it was decided by policies {policy}, which were not in force");
        TaskPolicies? policies = context.Policies.Find(policy);
        if (policies is null) context.UnknownPolicies++;
        if (entry.Body is null || !context.DecideAgain)
        {
            context.Erased++;
            return null;
        }

        RecordedDecision decision = new()
        {
            Seq = entry.Seq,
            At = entry.At,
            Kind = entry.Kind,
            Verdict = verdict,
            Reasons = [.. entry.Data.Texts(RecordMember.Policies)],
            InputDigest = digest,
            Policies = policies,
            Task = task?.Id ?? "",
            Template = task?.Template ?? entry.Data.Text(RecordMember.Template),
            Owner = task?.Owner ?? "",
            Subject = task?.Subject ?? "",
            IntentDigest = task?.IntentDigest ?? "",
            Ancestors = task is null ? [] : AncestorsOf(task),
            MaxApprovals = maxApprovals,
            Known = task?.Entities,
            Input = Encoding.UTF8.GetBytes(entry.Body),
        };
        RecordedQuestion? question = null;
        if (entry.Kind == RecordKind.Permitted && !DecisionJudge.TryRead(decision, out question, out DecisionFault fault))
        {
            context.Break(fault.Rule, entry.Seq, task, fault.Message);
            return null;
        }

        if (task is not null && question is not null) task.Entities = question.Task;
        context.Queue.Add(decision, question, task);
        return question;
    }

    private static ImmutableArray<string> AncestorsOf(ReplayedTask task)
    {
        if (task.Parent is null) return [];
        List<string> above = [];
        for (ReplayedTask? at = task.Parent; at is not null; at = at.Parent) above.Add(at.Id);
        above.Reverse();
        return [.. above];
    }
}
