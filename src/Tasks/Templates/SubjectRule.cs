using System.Collections.Immutable;

namespace Spiffe.Agent.Tasks.Templates;

/// <summary>On whose behalf a task may be started.</summary>
public sealed record SubjectRule
{
    /// <summary>Whether StartTask must carry a signed assertion.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Issuers whose assertions count, by <c>iss</c>; none named: any configured one.</summary>
    public ImmutableArray<string> Issuers { get; init; } = [];
}
