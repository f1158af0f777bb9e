using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>Bounds of tasks.</summary>
public sealed class TaskServiceOptions
{
    public required TrustDomain TrustDomain { get; init; }

    /// <summary>Live tasks of all templates. Default 10,000.</summary>
    public int MaxLive { get; init; } = 10_000;

    /// <summary>Tasks that one root may cause in all, ended ones included. Default 1,000: a prompt may fan out, and not without end.</summary>
    public int MaxFamily { get; init; } = 1_000;

    /// <summary>Live tasks of one user. Default 2,000.</summary>
    public int MaxLivePerUser { get; init; } = 2_000;

    /// <summary>Ended tasks that are still shown. Default 1,000.</summary>
    public int RememberEnded { get; init; } = 1_000;

    /// <summary>How often a bound process is looked at where the kernel does not tell of changes. Default 5 s.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(5);
}
