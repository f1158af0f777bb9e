using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;

namespace Spiffe.Agent.Issuance.Tasks;

// What policies are asked. Under the family's gate: some microseconds, no I/O.
public sealed partial class TaskService
{
    private TaskDecision Decide(LiveTask task, TaskAct act, string trigger, TaskIntent? intent = null, int approvals = 0) => _rules.Policies.Decide(
        new TaskQuestion
        {
            Act = act,
            Task = task.Entities,
            Now = _time.GetUtcNow(),
            Intent = intent ?? task.Intent,
            IntentChanged = intent is not null && !intent.Equals(task.Intent),
            Trigger = trigger,
            Approvals = approvals,
        },
        NewId());

    private TaskDecision DecideUse(LiveTask task, ActionQuestion question, int right, int approvals, string decisionId) => _rules.Policies.Decide(
        new TaskQuestion
        {
            Act = TaskAct.Use,
            Task = task.Entities,
            Now = _time.GetUtcNow(),
            Intent = task.Intent,
            Approvals = approvals,
            Action = question,
            Uses = task.Uses.Used(right),
            Remaining = task.Uses.Remaining(right),
        },
        decisionId);

    /// <summary>What policies may know of a task: made once, for all questions.</summary>
    private static TaskEntities EntitiesOf(TaskPlan plan, TaskId id)
    {
        List<TaskId> above = [];
        for (LiveTask? at = plan.Parent; at is not null; at = at.Parent) above.Insert(0, at.Id);
        SelectorSet selectors = plan.Attested.Selectors;
        return new TaskEntities(new TaskFacts
        {
            Id = id,
            Template = plan.Template.Name,
            Owner = plan.Template.Owner,
            Selectors = selectors,
            Ancestors = [.. above],
            Issuer = plan.Subject?.Issuer ?? "",
            Subject = plan.Subject?.Subject ?? "",
            Labels = plan.Request.Labels,
        });
    }
}
