using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Workloads;

namespace Spiffe.Agent.Issuance.Admission;

/// <summary>What one attested call may ask for. Every question is answered by the entries, the bundle and the clock of that moment.</summary>
/// <remarks>For one call, from one thread at a time.</remarks>
public sealed class WorkloadLease : IDisposable
{
    private readonly WorkloadRegistry _registry;
    private readonly Workload _workload;
    private readonly WorkloadServices _services;
    private bool _streaming;

    internal WorkloadLease(WorkloadRegistry registry, SelectorSet selectors, WorkloadServices services)
    {
        _registry = registry;
        _services = services;
        _workload = registry.Acquire(selectors);
    }

    /// <summary>Completes when asking again may give another answer. Take it before asking.</summary>
    public Task Changed
    {
        get
        {
            if (!_streaming)
            {
                _streaming = true;
                _workload.StreamOpened();
            }

            return _workload.Changed.Next;
        }
    }

    /// <summary>Whether the caller has any identity now.</summary>
    public bool IsEntitled => !_workload.Grants.IsEmpty;

    /// <summary>The authorities of the own trust domain.</summary>
    public TrustBundle Bundle => _services.Bundle();

    /// <summary>Holds the X.509 answer; null when there is no identity. The caller releases it.</summary>
    public Shared<Answer>? HoldX509() => _workload.HoldX509();

    /// <summary>Holds the WIT answer for all identities, or for one; null when there is no such identity. The caller releases it.</summary>
    public Shared<Answer>? HoldWit(SpiffeId? only) => _workload.HoldWit(only);

    /// <summary>JWT-SVIDs for all identities, or for one; empty when there is no such identity.</summary>
    public ImmutableArray<Presented<JwtSvid>> Jwt(AudienceSet audiences, SpiffeId? only) => _workload.Jwt(audiences, only);

    public void Dispose()
    {
        if (_streaming) _workload.StreamClosed();
        _registry.Return(_workload);
    }
}
