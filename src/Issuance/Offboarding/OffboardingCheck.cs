using System.Collections.Immutable;
using Spiffe.Agent.Residue.Reports;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>Whether anything of a task remains, as far as that is known.</summary>
public sealed record OffboardingCheck
{
    public required OffboardingState State { get; init; }

    /// <summary>The negative test, way by way.</summary>
    public required ImmutableArray<ChannelCheck> Channels { get; init; }

    /// <summary>What was looked for and found; null while that goes on.</summary>
    public ResidueReport? Residue { get; init; }

    /// <summary>Credentials that were issued and could not be looked for: no print of them was kept.</summary>
    public int NotPrinted { get; init; }

    /// <summary>When it was found out.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>The receipt as the log's key signed it: a C2SP signed note. Empty: nothing signs here, or it is not done.</summary>
    public string Note { get; init; } = "";

    /// <summary>In a few words, for people.</summary>
    public string Summary => State switch
    {
        OffboardingState.Running => "its credentials are refused; what is left of them is being looked for",
        OffboardingState.Verified => $"verified: {Residue?.Credentials ?? 0} credentials looked for in {Residue?.Places.Length ?? 0} places, nothing found",
        OffboardingState.ResidueFound => $"residue found {Residue!.FindingsInAll} times, first in {Residue.Findings[0].Path}",
        OffboardingState.Incomplete => $"incomplete: {Residue!.Gaps[0].Path} {Residue.Gaps[0].Reason} {Residue.Gaps[0].Detail}",
        _ => $"still accepted by {string.Join(", ", Channels.Where(channel => !channel.Accepted.IsEmpty).Select(channel => channel.Channel))}",
    };
}
