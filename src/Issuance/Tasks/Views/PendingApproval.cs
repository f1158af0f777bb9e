namespace Spiffe.Agent.Issuance.Tasks.Views;

/// <summary>A question that people are to answer.</summary>
/// <param name="Id">To name it by.</param>
/// <param name="ExpiresAt">When the answer becomes no.</param>
/// <param name="Question">For people.</param>
public sealed record PendingApproval(string Id, DateTimeOffset ExpiresAt, string Question);
