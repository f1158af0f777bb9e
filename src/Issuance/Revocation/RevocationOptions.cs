namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>Bounds of the ledger and of what it publishes.</summary>
public sealed class RevocationOptions
{
    /// <summary>Tasks that are open at once. Default 16,384: the 10,000 that are designed for, and room.</summary>
    public int MaxTasks { get; init; } = 16 * 1024;

    /// <summary>Credentials that have not been forgotten. Default 262,144; ours: 10,000 tasks with four each, twice over while they rotate, and the rest for one-use
    /// tokens; at most some 100 MiB. Above: nothing more is issued to tasks.</summary>
    public int MaxCredentials { get; init; } = 256 * 1024;

    /// <summary>The same for one task. Default 65,536; ours: no task takes more than a quarter of the ledger.</summary>
    public int MaxCredentialsPerTask { get; init; } = 64 * 1024;

    /// <summary>How long a credential is kept behind its expiry, for validators whose clocks run behind; default one minute. The leeway of the daemon's own validators
    /// comes on top.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Where status lists are to be found from outside, without a slash at its end, such as <c>https://node.example.org/status</c>; none: tokens name no list.</summary>
    public string? StatusListUri { get; init; }

    /// <summary>How long a status list may be kept by whoever fetched it. Default 15 s; one second to an hour.</summary>
    public TimeSpan StatusListTimeToLive { get; init; } = TimeSpan.FromSeconds(15);

    internal void ThrowIfInvalid()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTasks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCredentials, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCredentialsPerTask, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Margin, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Margin, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(StatusListTimeToLive, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StatusListTimeToLive, TimeSpan.FromHours(1));
        if (StatusListUri is { } uri && (!Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) || parsed.Query.Length + parsed.Fragment.Length > 0 || uri.EndsWith('/')))
        {
            throw new ArgumentException("an absolute URI without query, fragment and slash at its end", nameof(StatusListUri));
        }
    }
}
