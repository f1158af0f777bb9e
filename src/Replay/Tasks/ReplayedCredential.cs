namespace Spiffe.Agent.Replay.Tasks;

/// <summary>A credential of a task that has not expired.</summary>
/// <param name="Name">Kind, space, id.</param>
/// <param name="Task">Whose.</param>
/// <param name="Generation">Of which generation of the task.</param>
/// <param name="ExpiresAt">By the wall clock.</param>
internal sealed record ReplayedCredential(string Name, ReplayedTask Task, int Generation, DateTimeOffset ExpiresAt)
{
    /// <summary>Whether it was revoked, or spent.</summary>
    public bool IsDead { get; set; }

    /// <summary>Whether the action that it is for was written down as permitted.</summary>
    public bool IsPermitted { get; set; }

    /// <summary>Where it is among its task's.</summary>
    public int Place { get; set; }

    public bool Equals(ReplayedCredential? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
