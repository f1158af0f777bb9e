namespace Spiffe.Agent.Tasks.Grants;

/// <summary>What a task wants to do next. A part that is null names nothing of its kind, and is only answered by a detail that names nothing either, or everything.</summary>
public sealed record ActionQuestion
{
    /// <summary>The type of the detail that should allow it.</summary>
    public required string Type { get; init; }

    public required string Action { get; init; }

    public GrantLocation? Location { get; init; }

    public string? Identifier { get; init; }

    public string? Datatype { get; init; }

    public Sensitivity Sensitivity { get; init; }

    /// <summary>Whom the token would be for.</summary>
    public string? Audience { get; init; }

    public ActionParameters Parameters { get; init; } = ActionParameters.None;

    /// <summary>With which tool: for intents and policies, not for grants.</summary>
    public string? Tool { get; init; }

    /// <summary>In which trust boundary: for intents and policies, not for grants.</summary>
    public string? Boundary { get; init; }
}
