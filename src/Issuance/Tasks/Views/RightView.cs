namespace Spiffe.Agent.Issuance.Tasks.Views;

/// <summary>A right and what became of it.</summary>
/// <param name="Detail">One authorization detail, JSON.</param>
/// <param name="Used">How often it was used.</param>
/// <param name="Remaining">How often it may still be used; -1 where that is not counted.</param>
public sealed record RightView(string Detail, long Used, long Remaining);
