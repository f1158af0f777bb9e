using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance.Revocation;

/// <content>What kills credentials. Each call is one step: one event, visible at once everywhere.</content>
public sealed partial class RevocationLedger
{
    /// <summary>Kills the credentials of a task through a generation, and lets none be minted for those any more. The task goes on.</summary>
    public RevocationEvent RevokeTask(string taskId, int throughGeneration, RevocationReason reason) =>
        RevokeTasks([new TaskRevocation(taskId, throughGeneration, Ends: false)], reason);

    /// <summary>Kills every credential of these tasks, a whole subtree in one step, and takes none of them any more.</summary>
    /// <param name="taskIds">The tasks.</param>
    /// <param name="reason">Why; not <see cref="RevocationReason.Suspended"/>, which is no end.</param>
    public RevocationEvent EndTasks(IEnumerable<string> taskIds, RevocationReason reason) =>
        RevokeTasks([.. taskIds.Select(id => new TaskRevocation(id, int.MaxValue, Ends: true))], reason);

    /// <summary>Does several of both in one step. Tasks that are not open, or were revoked as far before, are named in the event all the same.</summary>
    public RevocationEvent RevokeTasks(IReadOnlyList<TaskRevocation> tasks, RevocationReason reason)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (reason == RevocationReason.Suspended && tasks.Any(t => t.Ends)) throw new ArgumentException("a task that ends is not suspended", nameof(reason));
        DateTimeOffset now = _time.GetUtcNow();
        RevocationEvent done;
        lock (_gate)
        {
            List<LedgerEntry> died = [];
            foreach (TaskRevocation revocation in tasks) Revoke(revocation, reason, now, died);
            done = Record(now, reason, [.. tasks], died);
        }

        Changed.Raise();
        return done;
    }

    /// <summary>Kills single credentials in one step. Those that are not in the ledger, or are revoked, are passed over.</summary>
    public RevocationEvent RevokeCredentials(IEnumerable<(CredentialKind Kind, string Id)> credentials, RevocationReason reason)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        (CredentialKind Kind, string Id)[] named = [.. credentials];
        DateTimeOffset now = _time.GetUtcNow();
        RevocationEvent done;
        lock (_gate)
        {
            List<LedgerEntry> died = [];
            foreach ((CredentialKind kind, string id) in named)
            {
                if (OfKind(kind).TryGetValue(id, out LedgerEntry? entry)) Kill(entry, reason, now, died);
            }

            done = Record(now, reason, [], died);
        }

        Changed.Raise();
        return done;
    }

    /// <summary>The certificates that are dead and may not have expired, as of a version.</summary>
    internal (IReadOnlyList<RevokedCredential> Revoked, long Version) DeadCertificates()
    {
        lock (_gate) return ([.. _dead.Where(e => e.Record.Kind == CredentialKind.X509).Select(e => e.Describe())], _certificatesVersion);
    }

    /// <summary>Another number whenever a certificate died. Forgetting one that expired does not change it.</summary>
    internal long CertificatesVersion
    {
        get
        {
            lock (_gate) return _certificatesVersion;
        }
    }

    private void Revoke(TaskRevocation revocation, RevocationReason reason, DateTimeOffset now, List<LedgerEntry> died)
    {
        if (!_tasks.TryGetValue(revocation.TaskId, out LedgerTask? task)) return;
        int through = revocation.Ends ? int.MaxValue : revocation.ThroughGeneration;
        task.RevokedThrough = Math.Max(task.RevokedThrough, through);
        if (revocation.Ends) _tasks.Remove(revocation.TaskId);
        // From the last to the first: whatever is taken out is replaced by one that was looked at.
        for (int i = task.Entries.Count - 1; i >= 0; i--)
        {
            if (task.Entries[i].Record.Generation <= through) Kill(task.Entries[i], reason, now, died);
        }
    }

    private void Kill(LedgerEntry entry, RevocationReason reason, DateTimeOffset now, List<LedgerEntry> died)
    {
        CredentialStatus status = reason.Status();
        if (entry.Status == CredentialStatus.Revoked || entry.Status == status) return;
        entry.Kill(reason, now);
        died.Add(entry);
        _dead.Add(entry);
        if (entry.Record.Kind == CredentialKind.X509) _certificatesVersion++;
        if (entry.Record.Status is { } index) StatusLists!.Set(index, status);
        if (status == CredentialStatus.Revoked) entry.Task.Remove(entry);
    }

    private RevocationEvent Record(DateTimeOffset now, RevocationReason reason, ImmutableArray<TaskRevocation> tasks, List<LedgerEntry> died)
    {
        RevocationEvent next = new(_events.Last + 1, now, reason, tasks, [.. died.Select(e => e.Describe())]);
        _events.Add(next);
        return next;
    }
}
