using Microsoft.Extensions.Logging;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Freshness;
using Spiffe.Agent.Issuance.Inventory;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>What tasks need of the house.</summary>
internal sealed record TaskSurroundings
{
    public required WorkloadAttestor Attestor { get; init; }

    public required Reception Reception { get; init; }

    /// <summary>Who checks what is presented.</summary>
    public required IssuanceService Credentials { get; init; }

    public required EmbeddedAuthority Authority { get; init; }

    public required RevocationLedger Ledger { get; init; }

    public required SubjectVerifier Subjects { get; init; }

    public required IdentityRegistry Identities { get; init; }

    public required SvidMint Mint { get; init; }

    public required LiveCallers Callers { get; init; }

    public required IJournal Journal { get; init; }

    /// <summary>What is of use.</summary>
    public required UseBook Uses { get; init; }

    /// <summary>Who gets nothing.</summary>
    public required DenialBook Denials { get; init; }

    /// <summary>Forgets workloads of identities that have ended, with their keys.</summary>
    public required Action ForgetEnded { get; init; }

    /// <summary>The revocation lists, as they are signed.</summary>
    public required CrlPublisher Crls { get; init; }

    /// <summary>Signs receipts; null: they stay unsigned.</summary>
    public required ReceiptSigner? Sign { get; init; }

    public required IssuanceCounters Counters { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Log { get; init; }
}
