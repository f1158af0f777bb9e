using System.Collections.Immutable;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Configuration;

/// <summary><c>tasks</c>: what holds for tasks of every template.</summary>
public sealed class TasksOptions
{
    /// <summary><c>ceiling</c>: what no task may be granted more than, whoever approves; null when none is written: then the templates' own grants are the only limit.</summary>
    public required AuthorizationDetails? Ceiling { get; init; }

    /// <summary><c>max_live</c>: live tasks of all templates together. 1 to 100000, 10000 by default.</summary>
    public required int MaxLive { get; init; }

    /// <summary><c>remember_ended</c>: how many tasks that have ended are shown and explained still, the latest first to stay. 0 to 100000, 1000 by default.</summary>
    public required int RememberEnded { get; init; }

    /// <summary><c>status_list</c>; null when it is not written: then no list is served and tokens name none.</summary>
    public required StatusListOptions? StatusList { get; init; }

    /// <summary><c>subjects</c>: whose word counts for whom a task is done for; none by default.</summary>
    public required ImmutableArray<SubjectIssuerOptions> Subjects { get; init; }
}
