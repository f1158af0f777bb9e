using System.Collections.Immutable;
using Spiffe.Agent.Issuance.Tasks.Views;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>Who has which identity here and what it may do, whose it is, what of it is used, and what stands although nobody uses it. Immutable, and without secrets.</summary>
/// <remarks>Each task is shown as it was at one moment; two of them perhaps at moments apart, for nothing stands still while it is looked at.</remarks>
public sealed record InventorySnapshot
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Since when uses are counted: the daemon's start.</summary>
    public required DateTimeOffset Since { get; init; }

    public required string TrustDomain { get; init; }

    /// <summary>Of this build.</summary>
    public required string Version { get; init; }

    public required int ProcessId { get; init; }

    /// <summary>Null: no log is kept.</summary>
    public LogState? Log { get; init; }

    /// <summary>By SPIFFE ID.</summary>
    public ImmutableArray<LiveIdentity> Identities { get; init; } = [];

    /// <summary>Tasks that are not over, those that began last first.</summary>
    public ImmutableArray<TaskView> Tasks { get; init; } = [];

    /// <summary>Tasks that are over and still remembered, likewise.</summary>
    public ImmutableArray<TaskView> Ended { get; init; } = [];

    /// <summary>The next to be reviewed first.</summary>
    public ImmutableArray<StandingException> Standing { get; init; } = [];

    public ImmutableArray<TemplateUse> Templates { get; init; } = [];

    public ImmutableArray<EntryUse> Entries { get; init; } = [];

    public required StrangerList Strangers { get; init; }
}
