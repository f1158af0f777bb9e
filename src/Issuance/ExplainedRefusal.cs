namespace Spiffe.Agent.Issuance;

/// <summary>Evidence that could not be taken or was not believed, as an explanation shows it.</summary>
/// <param name="Attestor">The type of selector.</param>
/// <param name="What">The key of the selector; empty for all of the type.</param>
/// <param name="Code">The reason's name, for programs.</param>
/// <param name="Reason">The reason as a sentence, with the culprit.</param>
public sealed record ExplainedRefusal(string Attestor, string What, string Code, string Reason);
