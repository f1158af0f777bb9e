using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Replay.Policies;

/// <summary>A template as the log says that it was loaded.</summary>
/// <param name="Owner">Who answers for it.</param>
/// <param name="IsForTasks">Whether tasks begin by it; otherwise it is standing access.</param>
/// <param name="Ceiling">The most that a task of it may be granted; null: the log does not say.</param>
internal sealed record LoadedTemplate(string Owner, bool IsForTasks, AuthorizationDetails? Ceiling);
