using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Issuance.Inventory;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance.Workloads;

/// <summary>What every workload needs of the house.</summary>
internal sealed record WorkloadServices(
    EntryStore Entries, IdentityRegistry Identities, IResponseEncoder Encoder, Func<TrustBundle> Bundle, Func<CrlSet> Crls, IssuanceCounters Counters, UseBook Uses, TimeProvider Time);
