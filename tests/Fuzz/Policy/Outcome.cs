using Spiffe.Agent.Policy.Authorization;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>A decision, to be compared: what is in it, in order of the ids.</summary>
internal sealed record Outcome(bool IsAllowed, string Reasons, string Errors)
{
    public static Outcome Of(AuthorizationDecision decision) => Of(decision.IsAllowed, decision.Reasons, decision.Errors);

    public static Outcome Of(bool isAllowed, IEnumerable<string> reasons, IEnumerable<PolicyError> errors) =>
        new(isAllowed, string.Join('\n', reasons.Order(StringComparer.Ordinal)), string.Join('\n', errors.Select(error => error.ToString()).Order(StringComparer.Ordinal)));
}
