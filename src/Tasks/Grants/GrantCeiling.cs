namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Something that a grant must stay within.</summary>
/// <param name="Name">Whose it is, as reasons name it: "the operator", "the template", "the parent".</param>
/// <param name="Grant">What it allows; <see cref="AuthorizationDetails.Everything"/> where it sets no limit.</param>
public sealed record GrantCeiling(string Name, AuthorizationDetails Grant);
