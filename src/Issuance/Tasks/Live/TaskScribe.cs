using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>Turns what happens to tasks into entries of the journal and events of the task. The family's gate is held where the task's state is read.</summary>
internal sealed class TaskScribe(IJournal journal, TimeProvider time)
{
    /// <summary>Credentials that one entry names; more take several. Ours: an entry has at most 64 KiB.</summary>
    private const int MaxNamed = 500;

    /// <summary>Writes down what is about to happen to a task, and lets those hear it who watch. False: it could not be written.</summary>
    public bool Note(LiveTask task, TaskEntryKind kind, string trigger, string detail, Func<TaskEntry, TaskEntry>? more = null) =>
        Note(task, kind, trigger, detail, null, more);

    /// <summary>The same of something that was decided just now; null: nothing was.</summary>
    public bool Note(LiveTask task, TaskEntryKind kind, string trigger, string detail, TaskDecision? decided, Func<TaskEntry, TaskEntry>? more = null)
    {
        TaskEntry entry = EntryOf(task, kind, trigger, detail, decided);
        if (more is not null) entry = more(entry);
        bool isWritten = journal.Write(entry);
        string word = entry.Words.Length == 0 ? detail : detail.Length == 0 ? entry.Words : $"{detail}: {entry.Words}";
        task.History.Add(sequence => new TaskEvent(
            sequence, entry.At, NameOf(kind), entry.State, entry.Generation, word.Length == 0 ? trigger : $"{trigger}: {word}", task.Id, task.Family.Root, entry.DecisionId));
        return isWritten;
    }

    /// <summary>Writes down that a task begins, all that it rests on, and what it says that it is for.</summary>
    public bool Began(LiveTask task, string trigger, string detail, TimeSpan left) => Note(task, TaskEntryKind.Started, trigger, detail, task.Decision, entry => entry with
    {
        Parent = task.Parent?.Id,
        Deadline = entry.At + left,
        Executable = task.Executable,
        Grants = task.Grants.CanonicalMemory,
    }) && Declared(task, trigger);

    /// <summary>Writes down what a task says that it is for.</summary>
    public bool Declared(LiveTask task, string trigger) =>
        task.Intent.Equals(TaskIntent.None) || journal.Write(EntryOf(task, TaskEntryKind.Declared, trigger) with { Words = Encoding.UTF8.GetString(task.Intent.ToCanonical()) });

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
                CredentialKind = kind,
                CredentialId = signed.Id,
                ExpiresAt = signed.ExpiresAt,
            });
        }
    }

    /// <summary>Writes down which credentials of a task have just died.</summary>
    public void Revoked(LiveTask task, string cause, IEnumerable<(CredentialKind Kind, string Id)> dead)
    {
        foreach ((CredentialKind Kind, string Id)[] some in dead.Chunk(MaxNamed)) journal.Write(EntryOf(task, TaskEntryKind.Revoked, detail: cause) with { Dead = ImmutableArray.Create(some) });
    }

    /// <summary>Writes down whether anything of a task remains, with the receipt beside it.</summary>
    public void Offboarded(LiveTask task, OffboardingCheck check, byte[] receipt)
    {
        TaskEntry entry = EntryOf(task, TaskEntryKind.Offboarded, "end") with
        {
            Outcome = ReceiptNote.NameOf(check.State),
            Checks = [.. check.Channels.Select(channel => string.Create(CultureInfo.InvariantCulture, $"{channel.Channel} {channel.Tested - channel.Accepted.Length}/{channel.Tested}"))],
            Residue = check.Residue is { } residue ? [.. residue.Findings.Select(found => $"{found.Place} {found.CredentialKind} {found.CredentialId} {found.Form}").Distinct(StringComparer.Ordinal)] : [],
            Digest = ReceiptNote.DigestOf(receipt),
            Words = Encoding.UTF8.GetString(receipt),
        };
        journal.Write(entry);
        task.History.Add(sequence => new TaskEvent(sequence, entry.At, "offboarded", entry.State, entry.Generation, check.Summary, task.Id, task.Family.Root, entry.DecisionId));
    }

    /// <summary>Writes down that a task was refused. Nothing depends on it: there is no task.</summary>
    public void Refused(string template, string process, string detail, TaskDecision? decided, string policyDigest) => journal.Write(new TaskEntry
    {
        Kind = TaskEntryKind.Refused,
        At = time.GetUtcNow(),
        Task = null,
        Correlation = null,
        SpiffeId = "",
        Template = template,
        Owner = "",
        State = TaskState.Denied,
        Generation = 0,
        Process = process,
        Detail = detail,
        Decided = decided,
        DecisionId = decided?.Id ?? "",
        PolicyDigest = policyDigest,
    });

    private TaskEntry EntryOf(LiveTask task, TaskEntryKind kind, string trigger = "", string detail = "", TaskDecision? decided = null) => new()
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
        Decided = decided,
        PolicyDigest = (decided ?? task.Decision).PolicyDigest,
        DecisionId = (decided ?? task.Decision).Id,
        IntentDigest = task.Intent.Digest,
        Trigger = trigger,
        Detail = detail,
    };

    private static string NameOf(TaskEntryKind kind) => kind switch
    {
        TaskEntryKind.IntentChanged => "intent_changed",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
