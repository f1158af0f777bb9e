using System.Globalization;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks.Views;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>Turns what happens to tasks into entries of the journal and events of the task. The family's gate is held where the task's state is read.</summary>
internal sealed class TaskScribe(ITaskJournal journal, TimeProvider time)
{
    /// <summary>Writes down what is about to happen to a task, and lets those hear it who watch. False: it could not be written.</summary>
    public bool Note(LiveTask task, TaskEntryKind kind, string trigger, string detail, Func<TaskEntry, TaskEntry>? more = null)
    {
        TaskEntry entry = EntryOf(task, kind) with { Trigger = trigger, Detail = detail };
        if (more is not null) entry = more(entry);
        bool isWritten = journal.Write(entry);
        task.History.Add(sequence => new TaskEvent(
            sequence, entry.At, NameOf(kind), task.State, task.Generation, detail.Length == 0 ? trigger : $"{trigger}: {detail}", task.Id, task.Family.Root, entry.DecisionId));
        return isWritten;
    }

    /// <summary>Lets those hear it who watch the task, and nobody else.</summary>
    public void Remark(LiveTask task, string word) => task.History.Add(sequence => new TaskEvent(
        sequence, time.GetUtcNow(), "remark", task.State, task.Generation, word, task.Id, task.Family.Root, ""));

    /// <summary>Writes down that a credential is about to leave.</summary>
    public bool Issued(LiveTask task, int generation, CredentialKind kind, SignedSvid signed)
    {
        lock (task.Family.Gate)
        {
            return Note(task, TaskEntryKind.Issued, "request", string.Create(CultureInfo.InvariantCulture, $"{kind} {signed.Id}"), entry => entry with
            {
                Generation = generation,
                CredentialKind = kind.ToString(),
                CredentialId = signed.Id,
                ExpiresAt = signed.ExpiresAt,
            });
        }
    }

    /// <summary>Writes down that a task was refused. Nothing depends on it: there is no task.</summary>
    public void Refused(string template, string process, string detail, string decisionId, string policyDigest) => journal.Write(new TaskEntry
    {
        Kind = TaskEntryKind.Refused,
        At = time.GetUtcNow(),
        Task = null,
        Correlation = null,
        SpiffeId = "",
        Template = template,
        Owner = "",
        State = Spiffe.Agent.Tasks.Lifecycle.TaskState.Denied,
        Generation = 0,
        Process = process,
        Detail = detail,
        DecisionId = decisionId,
        PolicyDigest = policyDigest,
    });

    private TaskEntry EntryOf(LiveTask task, TaskEntryKind kind) => new()
    {
        Kind = kind,
        At = time.GetUtcNow(),
        Task = task.Id,
        Correlation = task.Family.Root,
        SpiffeId = task.SpiffeId.ToString(),
        Template = task.Template.Name,
        Owner = task.Template.Owner,
        State = task.State,
        Generation = task.Generation,
        Process = task.Binding.Process.Identity.ToString(),
        Subject = task.Subject is { } subject ? $"{subject.Issuer} {subject.Subject}" : "",
        Policies = task.Decision.Reasons,
        PolicyDigest = task.Decision.PolicyDigest,
        DecisionId = task.Decision.Id,
        InputDigest = task.Decision.InputDigest,
        IntentDigest = task.Intent.Digest,
    };

    private static string NameOf(TaskEntryKind kind) => kind switch
    {
        TaskEntryKind.IntentChanged => "intent_changed",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
