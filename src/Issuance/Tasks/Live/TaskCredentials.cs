using Spiffe.Agent.Authority;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Tasks.Claims;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>What the credentials of tasks may be, and the book that each is entered in before it leaves.</summary>
internal sealed class TaskCredentials(RevocationLedger ledger, CredentialPrints prints, TaskScribe scribe, TimeProvider time)
{
    /// <summary>Shortest life that is worth a signature, and the least that the authority signs for.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Now, on the clock of leases and deadlines: since boot, sleep included where the provider counts it.</summary>
    public TimeSpan Uptime => time.GetElapsedTime(0, time.GetTimestamp());

    /// <summary>For an SVID of this generation; null when the task is over, or its end is too near, or it may not speak to these audiences.</summary>
    public SvidTerms? Terms(LiveTask task, int generation, SvidKind kind, IReadOnlyList<string> audiences)
    {
        lock (task.Family.Gate)
        {
            if (task.State != TaskState.Active || task.Generation != generation) return null;
            if (kind == SvidKind.Jwt && !audiences.All(a => task.Template.Audiences.Contains(a, StringComparer.Ordinal))) return null;
            TimeSpan wanted = kind switch
            {
                SvidKind.X509 => task.Template.Lifetimes.X509Ttl,
                SvidKind.Jwt => task.Template.Lifetimes.JwtTtl,
                _ => task.Template.Lifetimes.WitTtl,
            };
            return kind == SvidKind.X509 ? Certificate(task, wanted) : Token(task, wanted, task.Grants, task.Decision.Id, null);
        }
    }

    /// <summary>For the token of one permitted action. The caller holds the family's gate.</summary>
    public SvidTerms? ActionTerms(LiveTask task, AuthorizationDetail right, string? parametersDigest, string decisionId) =>
        Token(task, Min(task.Template.Lifetimes.ActionTtl, Spiffe.Agent.Tasks.Templates.TaskLifetimes.MaxActionTtl), AuthorizationDetails.OfOne(right), decisionId, parametersDigest);

    /// <summary>Enters a credential that was signed.</summary>
    /// <param name="task">Whose it is.</param>
    /// <param name="generation">Of which generation.</param>
    /// <param name="kind">Which kind.</param>
    /// <param name="terms">By which it was signed.</param>
    /// <param name="signed">What was signed.</param>
    /// <param name="write">Writes down that it is about to leave, under the family's gate; says whether it could.</param>
    public Leaving Enter(LiveTask task, int generation, CredentialKind kind, SvidTerms terms, SignedSvid signed, Func<bool> write)
    {
        string taskId = task.Id.ToString();
        prints.Take(taskId, kind, signed);
        CredentialRecord record = new()
        {
            Kind = kind,
            Id = signed.Id,
            TaskId = taskId,
            Generation = generation,
            ExpiresAt = signed.ExpiresAt,
            IssuerKeyId = signed.IssuerKeyId,
            Status = terms.Status,
        };
        lock (task.Family.Gate)
        {
            // In one step with its entry: whoever ends the task is before both or behind both, and so is the record of that.
            if (ledger.Issued(record) != LedgerRefusal.None) return Leaving.No;
            if (write()) return Leaving.Yes;
            ledger.RevokeCredentials([(kind, signed.Id)], RevocationReason.Withdrawn); // What is not written down does not exist.
            return Leaving.Unrecorded;
        }
    }

    /// <summary>Enters an SVID that was signed, as issued.</summary>
    public Leaving Leaves(LiveTask task, int generation, SvidKind kind, SvidTerms terms, SignedSvid signed)
    {
        CredentialKind ofTask = kind switch
        {
            SvidKind.X509 => CredentialKind.X509,
            SvidKind.Jwt => CredentialKind.Jwt,
            _ => CredentialKind.Wit,
        };
        return Enter(task, generation, ofTask, terms, signed, () => scribe.Issued(task, generation, ofTask, signed));
    }

    private SvidTerms? Certificate(LiveTask task, TimeSpan wanted)
    {
        TimeSpan life = task.Clocks.SvidLife(Uptime, wanted);
        return life >= Shortest ? new SvidTerms(life, [], null) : null;
    }

    private SvidTerms? Token(LiveTask task, TimeSpan wanted, AuthorizationDetails grants, string decisionId, string? parametersDigest)
    {
        TimeSpan life = task.Clocks.SvidLife(Uptime, wanted);
        if (life < Shortest) return null;
        StatusIndex? status = ledger.ReserveStatus();
        if (status is null && ledger.StatusLists is not null) return null; // No place left: a token that cannot be revoked there is not signed.
        TaskClaims claims = TaskClaimsOf.Task(task, grants, decisionId, parametersDigest, status is { } place ? ledger.StatusLists!.ClaimFor(place) : null);
        return new SvidTerms(life, [.. claims.Write().Select(claim => new ExtraClaim(claim.Key, claim.Value))], status);
    }

    private static TimeSpan Min(TimeSpan x, TimeSpan y) => x < y ? x : y;
}
