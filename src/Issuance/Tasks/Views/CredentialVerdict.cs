namespace Spiffe.Agent.Issuance.Tasks.Views;

/// <summary>Whether a credential of a task counts, and for what.</summary>
/// <param name="IsValid">Whether it does, now.</param>
/// <param name="Reason">Why not; empty when it does.</param>
/// <param name="Task">The task as it is; null where it is not known whose it is.</param>
/// <param name="Grants">What it may be used for: authorization_details, JSON; empty unless valid.</param>
/// <param name="ExpiresAt">Until when; null unless valid.</param>
public sealed record CredentialVerdict(bool IsValid, string Reason, TaskView? Task, string Grants, DateTimeOffset? ExpiresAt)
{
    internal static CredentialVerdict Invalid(string reason, TaskView? task = null) => new(false, reason, task, "", null);
}
