using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Replay.Records;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Replay.Tasks;

// Credentials: issued to who is at work, for no longer than the task, once under one id, and used while they count.
internal sealed partial class TaskRules
{
    private const string ActionToken = "action_token ";

    private void OnIssued(in ReplayEntry entry, ReplayedTask task)
    {
        Span<char> buffer = stackalloc char[CredentialBook.MaxName];
        if (!TryName(entry, task, buffer, out ReadOnlySpan<char> name)) return;
        string text = name.ToString();
        bool isDeadAlready = task.DeadEarly?.Remove(text) == true;
        int generation = (int)Math.Clamp(entry.Data.Number(RecordMember.Generation) ?? 0, 0, int.MaxValue - 1);
        if (isDeadAlready) context.Remark(ReplayRule.DeadOnArrival, entry.Seq, task.Id, $"{text} was revoked before it was written down as issued: it never counted");
        else if (!task.IsLive) context.Break(ReplayRule.AfterEnd, entry.Seq, task, $"{text} was issued, and the task was over: {task.State.NameOf()}");
        else
        {
            ExpectActive(entry, task);
            ExpectSame(entry, task);
        }

        Enter(entry, task, text, generation, isDeadAlready);
    }

    /// <summary>Enters a credential, held to its task's deadline.</summary>
    private ReplayedCredential? Enter(in ReplayEntry entry, ReplayedTask task, string name, int generation, bool isDead)
    {
        if (entry.Data.Time(RecordMember.ExpiresAt) is not { } expiry)
        {
            context.Break(ReplayRule.MalformedEntry, entry.Seq, task, $"{name} without expires_at");
            return null;
        }

        if (entry.At - expiry >= ReplayLimits.TimeLeeway) context.Break(ReplayRule.WrongExpiry, entry.Seq, task, $"{name} was issued expired");
        if (IsBehind(expiry, entry.At, task)) context.Break(ReplayRule.BehindDeadline, entry.Seq, task, $"{name} expires behind the task's deadline");
        if (context.Credentials.TryFind(name, out _)) context.Break(ReplayRule.CredentialReused, entry.Seq, task, $"{name} was issued before");
        ReplayedCredential credential = new(name, task, generation, expiry) { IsDead = isDead };
        context.Credentials.Add(credential);
        if (context.Credentials.IsIncomplete) context.Remark(ReplayRule.TooMuch, entry.Seq, task.Id, $"more than {ReplayLimits.MaxCredentials} credentials at once: {name} is not remembered");
        return credential;
    }

    private void OnUsed(in ReplayEntry entry, ReplayedTask task)
    {
        ExpectActive(entry, task);
        ExpectSame(entry, task);
        Span<char> buffer = stackalloc char[CredentialBook.MaxName];
        if (!TryName(entry, task, buffer, out ReadOnlySpan<char> name)) return;
        if (!context.Credentials.TryFind(name, out ReplayedCredential? credential))
        {
            if (!context.Credentials.IsIncomplete) context.Break(ReplayRule.UnknownCredential, entry.Seq, task, $"{name} was used, and was never issued");
            return;
        }

        bool isToken = name.StartsWith(ActionToken, StringComparison.Ordinal);
        if (credential.Task != task) context.Break(ReplayRule.UnknownCredential, entry.Seq, task, $"{name} was used, which is a credential of task {credential.Task.Id}");
        else if (credential.IsDead) context.Break(ReplayRule.DeadCredential, entry.Seq, task, $"{name} was used, and was revoked or spent before");
        else if (credential.Generation != task.Generation) context.Break(ReplayRule.DeadCredential, entry.Seq, task, $"{name} was used, which is of generation {credential.Generation}, and the task is in {task.Generation}");
        else if (entry.At - credential.ExpiresAt > ReplayLimits.UseLeeway) context.Break(ReplayRule.WrongExpiry, entry.Seq, task, $"{name} was used, and had expired");
        else if (isToken && !credential.IsPermitted) context.Break(ReplayRule.NotPermitted, entry.Seq, task, $"{name} was used, and no action was permitted for it");
        if (isToken && entry.Data.Utf8(RecordMember.Trigger).SequenceEqual("spent"u8)) context.Credentials.Kill(credential);
    }

    private bool TryName(in ReplayEntry entry, ReplayedTask task, Span<char> buffer, out ReadOnlySpan<char> name)
    {
        name = buffer[..CredentialBook.NameOf(entry.Data.Utf8(RecordMember.CredentialKind), entry.Data.Utf8(RecordMember.Credential), buffer)];
        if (name.IsEmpty) context.Break(ReplayRule.MalformedEntry, entry.Seq, task, $"{RecordKinds.NameOf(entry.Kind)} without credential_kind and credential");
        return !name.IsEmpty;
    }

    /// <summary>Whether this is behind the task's deadline, which is kept by uptime and was written down by the wall clock of its start.</summary>
    private bool IsBehind(DateTimeOffset end, DateTimeOffset now, ReplayedTask task)
    {
        TimeSpan since = now > task.StartedAt ? now - task.StartedAt : TimeSpan.Zero;
        return end - task.Deadline > context.ClockSet - task.ClockAtStart + ReplayLimits.DeadlineLeeway + (since / 1_000);
    }
}
