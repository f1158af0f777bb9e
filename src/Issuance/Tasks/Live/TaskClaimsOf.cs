using Spiffe.Agent.Tasks.Claims;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>What the tokens of a live task say.</summary>
internal static class TaskClaimsOf
{
    /// <summary>Under the family's gate.</summary>
    /// <param name="task">The task.</param>
    /// <param name="grants">All that it is granted, or the one right that an action token is for.</param>
    /// <param name="decisionId">The decision that the token rests on.</param>
    /// <param name="parametersDigest">Of an action's parameters; null: none.</param>
    /// <param name="status">The <c>status</c> claim; null: none.</param>
    public static TaskClaims Task(LiveTask task, AuthorizationDetails grants, string decisionId, string? parametersDigest, byte[]? status) => new()
    {
        Root = task.Family.Root,
        Grant = grants,
        Generation = task.Generation,
        IntentDigest = task.Intent.Digest,
        DecisionId = decisionId,
        PolicyDigest = task.Decision.PolicyDigest,
        Owner = task.Template.Owner,
        Subject = task.Subject is { } subject ? $"{subject.Issuer}#{subject.Subject}" : "",
        Chain = [.. task.Chain.Select(link => new ChainLink(link.Id.ToString(), link.GrantDigest))],
        Depth = task.Depth,
        MaxDepth = task.Template.MaxDepth,
        ParametersDigest = parametersDigest,
        Status = status is { } claim ? new ReadOnlyMemory<byte>(claim) : (ReadOnlyMemory<byte>?)null, // An array that is null converts to a memory that is not.
    };
}
