using System.Collections.Immutable;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks;

// What operators see and do. Their rights were checked by the admin socket; their names are written down.
public sealed partial class TaskService
{
    /// <summary>Tasks that a selection means; all, when it says nothing. Those that began last first.</summary>
    public ImmutableArray<TaskView> List(TaskSelection selection, bool withEnded)
    {
        ArgumentNullException.ThrowIfNull(selection);
        IEnumerable<LiveTask> tasks = selection.SaysAnything ? Select(selection, withEnded) : _table.All.Where(task => withEnded || task.IsLive);
        return [.. tasks.OrderByDescending(task => task.StartedAt).ThenBy(task => task.Id.ToString(), StringComparer.Ordinal).Select(View)];
    }

    /// <summary>Live tasks, those of them that wait for approval, and those that are suspended.</summary>
    public (int Live, int Waiting, int Suspended) Counts
    {
        get
        {
            int live = 0, waiting = 0, suspended = 0;
            foreach (LiveTask task in _table.All)
            {
                if (task.IsLive) live++;
                if (task.State == TaskState.PendingApproval) waiting++;
                if (task.State == TaskState.Suspended) suspended++;
            }

            return (live, waiting, suspended);
        }
    }

    /// <summary>One task by its id or the beginning of it; null where none or several begin so.</summary>
    public TaskView? Get(string id) => FindOne(id) is { } task ? View(task) : null;

    /// <summary>What happened to a task, as far as it is remembered.</summary>
    public ImmutableArray<TaskEvent> Explain(string id)
    {
        if (FindOne(id) is not { } task) return [];
        lock (task.Family.Gate) return task.History.After(0);
    }

    public ImmutableArray<TaskOutcome> Suspend(Operator by, TaskSelection selection) =>
        Each(selection, task => (Suspend(task, by.ToString(), $"by {by}", words: Words(selection)), ""));

    /// <summary>Ends them: every credential is dead when this returns.</summary>
    public ImmutableArray<TaskOutcome> Revoke(Operator by, TaskSelection selection) =>
        Each(selection, task => (End(task, TaskTrigger.Revoke, $"by {by}", RevocationReason.Withdrawn, words: Words(selection)), ""));

    /// <summary>What they hung on is over and done: the ticket is closed, the stage has passed.</summary>
    public ImmutableArray<TaskOutcome> EndWhere(Operator by, TaskSelection selection) =>
        Each(selection, task => (End(task, TaskTrigger.EndConditionMet, $"by {by}", RevocationReason.Completed, words: Words(selection)), ""));

    /// <summary>Lets them go on, attested and decided anew.</summary>
    public async Task<ImmutableArray<TaskOutcome>> ResumeAsync(Operator by, TaskSelection selection, CancellationToken cancellationToken)
    {
        ImmutableArray<TaskOutcome>.Builder outcomes = ImmutableArray.CreateBuilder<TaskOutcome>();
        foreach (LiveTask task in Select(selection, withEnded: false).OrderBy(task => task.Depth).ToArray())
        {
            TaskAnswer answer = await Settled(await ResumeAsync(task, by.ToString(), isOperator: true, cancellationToken), cancellationToken);
            outcomes.Add(new TaskOutcome(View(task), answer.Refusal == TaskRefusal.None, answer.Refusal == TaskRefusal.None ? "" : $"{answer.Refusal} {answer.Detail}".TrimEnd()));
        }

        return outcomes.ToImmutable();
    }

    /// <summary>One operation for an incident: revoke, so that nothing can be used any more, then freeze or kill, then say what was met. A frozen task is over too: what is frozen is evidence.</summary>
    public ImmutableArray<TaskOutcome> Contain(Operator by, TaskSelection selection, bool kill)
    {
        ImmutableArray<TaskOutcome>.Builder outcomes = ImmutableArray.CreateBuilder<TaskOutcome>();
        foreach (LiveTask task in Select(selection, withEnded: false).OrderBy(task => task.Depth).ToArray())
        {
            List<string> done = [];
            bool ended = End(task, TaskTrigger.Contain, $"by {by}", RevocationReason.Compromised, member =>
            {
                ContainResult result = kill ? Kill(member.Binding) : Freeze(member.Binding);
                done.Add($"{member.Binding.Shown}: {result}");
                lock (member.Family.Gate) _scribe.Note(member, TaskEntryKind.Contained, by.ToString(), result.ToString());
            }, Words(selection));
            if (ended) outcomes.Add(new TaskOutcome(View(task), true, string.Join("; ", done))); // Otherwise it ended with the one above it, just now.
        }

        return outcomes.ToImmutable();
    }

    /// <summary>Identities without a task: the exceptions, each with who answers for it and until when.</summary>
    public ImmutableArray<TaskTemplate> Standing => [.. _rules.Templates.All.Where(template => template.Class == TemplateClass.Persistent)];

    private static ContainResult Freeze(TaskBinding binding) => binding.Cgroup is { } cgroup ? cgroup.Freeze() : binding.Process.Stop();

    private static ContainResult Kill(TaskBinding binding) => binding.Cgroup is { } cgroup ? cgroup.Kill() : binding.Process.Kill();

    private ImmutableArray<TaskOutcome> Each(TaskSelection selection, Func<LiveTask, (bool Changed, string Detail)> act)
    {
        ImmutableArray<TaskOutcome>.Builder outcomes = ImmutableArray.CreateBuilder<TaskOutcome>();
        foreach (LiveTask task in Select(selection, withEnded: false).OrderBy(task => task.Depth).ToArray())
        {
            (bool changed, string detail) = act(task);
            outcomes.Add(new TaskOutcome(View(task), changed, detail));
        }

        return outcomes.ToImmutable();
    }

    private IEnumerable<LiveTask> Select(TaskSelection selection, bool withEnded)
    {
        if (!selection.SaysAnything) return [];
        LiveTask? top = selection.Subtree.Length > 0 ? FindOne(selection.Subtree) : null;
        if (selection.Subtree.Length > 0 && top is null) return [];
        LiveTask? one = selection.TaskId.Length > 0 ? FindOne(selection.TaskId) : null;
        if (selection.TaskId.Length > 0 && one is null) return [];
        return _table.All.Where(task => (withEnded || task.IsLive) && (one is null || task == one) && (top is null || IsBelow(task, top)) && Means(selection, task));
    }

    private static bool Means(TaskSelection selection, LiveTask task)
    {
        lock (task.Family.Gate)
        {
            return Is(selection.Template, task.Template.Name)
                && Is(selection.Owner, task.Template.Owner)
                && Is(selection.Ticket, task.Intent.Ticket)
                && (selection.Executable.Length == 0 || task.Executable.Split(' ').Contains(selection.Executable, StringComparer.Ordinal))
                && (selection.Subject.Length == 0 || Is(selection.Subject, task.Subject?.Subject ?? ""))
                && selection.Labels.All(label => task.Labels.TryGetValue(label.Key, out string? value) && string.Equals(value, label.Value, StringComparison.Ordinal));
        }

        static bool Is(string wanted, string actual) => wanted.Length == 0 || string.Equals(wanted, actual, StringComparison.Ordinal);
    }

    private static bool IsBelow(LiveTask task, LiveTask top)
    {
        for (LiveTask? at = task; at is not null; at = at.Parent)
        {
            if (at == top) return true;
        }

        return false;
    }

    /// <summary>By a whole id, or by a beginning that only one has: a live one before ended ones.</summary>
    private LiveTask? FindOne(string id)
    {
        if (id.Length == 0) return null;
        if (_table.Find(id) is { } exact) return exact;
        LiveTask[] found = [.. _table.All.Where(task => task.Id.ToString().StartsWith(id, StringComparison.Ordinal)).OrderByDescending(task => task.IsLive).Take(2)];
        return found.Length == 1 || (found.Length == 2 && found[0].IsLive && !found[1].IsLive) ? found[0] : null;
    }

    private static string Words(TaskSelection selection) => ActionRules.Shown(selection.Reason);
}
