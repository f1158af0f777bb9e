using System.Collections.Frozen;

namespace Spiffe.Agent.Tasks.Claims;

/// <summary>Claims that only the daemon writes: a caller who could would name its own rights, chain or end. Compared by exact text.</summary>
public static class ReservedClaims
{
    /// <summary>The claim that holds what we say of a task. A collision-resistant name: RFC 7519 §4.2.</summary>
    public const string Task = "urn:spiffe-agent:task";

    /// <summary>Registered and ours. RFC 7519 §4.1, RFC 7800, RFC 8693 §4, RFC 9396 §9, draft-ietf-oauth-status-list, draft-ietf-oauth-transaction-tokens.</summary>
    public static FrozenSet<string> Names { get; } = FrozenSet.ToFrozenSet(
        [
            "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "act", "may_act", "client_id", "scope", "authorization_details", "status", "txn", "tctx", "rctx", "req_wl",
            "azp", "acr", "amr", "auth_time", "sid", "events", Task,
        ],
        StringComparer.Ordinal);
}
