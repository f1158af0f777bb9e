namespace Spiffe.Agent.Issuance.Tasks.Requests;

/// <summary>A privileged step that a worker is about to take, as it says. All of it is untrusted.</summary>
public sealed record ActionAsk
{
    public required string Type { get; init; }

    public required string Action { get; init; }

    public required string Location { get; init; }

    /// <summary>Which thing there.</summary>
    public string Identifier { get; init; } = "";

    public string Datatype { get; init; } = "";

    /// <summary>public, internal, confidential or restricted; empty: public, and so is the token.</summary>
    public string Sensitivity { get; init; } = "";

    public string Tool { get; init; } = "";

    public string Boundary { get; init; } = "";

    public string Reason { get; init; } = "";

    /// <summary>A JSON object in UTF-8; empty: none.</summary>
    public ReadOnlyMemory<byte> Parameters { get; init; }

    /// <summary>Whom the token is for.</summary>
    public required string Audience { get; init; }

    /// <summary>An approval that was asked for and given; empty: none.</summary>
    public string ApprovalId { get; init; } = "";
}
