using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Views;

namespace Spiffe.Agent.Endpoints.Tasks;

/// <summary>What a message of credentials says: equal ones need not be sent twice. No secret, numbers alone.</summary>
internal sealed record CredentialState(
    Spiffe.Agent.Tasks.Lifecycle.TaskState State, int Generation, DateTimeOffset LeaseUntil, string Grants, string? X509, string? Wit, string? Jwt, TrustBundle? Bundle)
{
    public static CredentialState Of(TaskView task, TaskCredentialSet? held) => new(
        task.State,
        task.Generation,
        Minute(task.LeaseUntil), // Worked out anew each time from a clock that counts sleep: it trembles.
        task.Grants,
        held?.X509?.SerialNumber ?? held?.Certificate?.SerialNumber,
        held?.Wit?.TokenId,
        held?.Jwt?.TokenId,
        held?.Bundle);

    private static DateTimeOffset Minute(DateTimeOffset moment) => DateTimeOffset.FromUnixTimeSeconds((moment.ToUnixTimeMilliseconds() + 30_000) / 60_000 * 60);
}
