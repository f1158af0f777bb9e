namespace Spiffe.Agent.Tasks.Templates;

/// <summary>How long a task and what it holds may live. A credential never outlives the lease, a lease never the deadline, a child never its parent.</summary>
public sealed record TaskLifetimes
{
    /// <summary>Longest life of an action token. Issue 5: at most 60 s.</summary>
    public static readonly TimeSpan MaxActionTtl = TimeSpan.FromSeconds(60);

    public TimeSpan X509Ttl { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan JwtTtl { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan WitTtl { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Of a token that AuthorizeAction gives; at most <see cref="MaxActionTtl"/>.</summary>
    public TimeSpan ActionTtl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the task lives without being attested and decided anew.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Who renews the lease.</summary>
    public Renewal Renewal { get; init; } = Renewal.Automatic;

    /// <summary>How long it may do nothing; null: as long as it likes. Stops while suspended.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>How long it may be active in all; null: up to the deadline. Stops while suspended.</summary>
    public TimeSpan? Active { get; init; }

    /// <summary>From its start to its end, whatever happens; time asleep and suspended counts.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromHours(8);
}
