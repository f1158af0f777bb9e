namespace Spiffe.Agent.Issuance.Tasks.Views;

/// <summary>What was asked for and not granted.</summary>
/// <param name="Detail">One authorization detail, or the part of one, JSON.</param>
/// <param name="Reason">For people.</param>
public sealed record DroppedRight(string Detail, string Reason);
