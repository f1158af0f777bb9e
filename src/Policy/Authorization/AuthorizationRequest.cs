using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Authorization;

/// <summary>A question: may the principal do the action to the resource in this context?</summary>
/// <param name="Principal">Who asks.</param>
/// <param name="Action">For what.</param>
/// <param name="Resource">On what.</param>
/// <param name="Context">What else is known of the moment.</param>
public sealed record AuthorizationRequest(EntityUid Principal, EntityUid Action, EntityUid Resource, ValueRecord Context);
