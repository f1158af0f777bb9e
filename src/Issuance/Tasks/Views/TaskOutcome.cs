namespace Spiffe.Agent.Issuance.Tasks.Views;

/// <summary>What an operator's wish came to for one task.</summary>
/// <param name="Task">As it is now.</param>
/// <param name="Changed">Whether it was done.</param>
/// <param name="Detail">What was done, or why not.</param>
public sealed record TaskOutcome(TaskView Task, bool Changed, string Detail);
