namespace Spiffe.Agent.Tasks.Intents;

/// <summary>An intent as it was declared: untrusted, not looked at yet.</summary>
public sealed record IntentDraft
{
    public string Goal { get; init; } = "";

    public string Reason { get; init; } = "";

    public string Ticket { get; init; } = "";

    /// <summary>What it means to do; none: whatever it is granted.</summary>
    public IReadOnlyCollection<string> ExpectedActions { get; init; } = [];

    /// <summary>With which tools; none: any.</summary>
    public IReadOnlyCollection<string> Tools { get; init; } = [];

    /// <summary>In which trust boundaries; none: any that its template allows.</summary>
    public IReadOnlyCollection<string> Boundaries { get; init; } = [];

    /// <summary>The name of the highest sensitivity that it means to touch; empty: whatever it is granted.</summary>
    public string MaxSensitivity { get; init; } = "";

    /// <summary>SHA-256 of a plan that is kept elsewhere, base64url; empty: none.</summary>
    public string PlanDigest { get; init; } = "";
}
