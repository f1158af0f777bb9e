using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Freshness;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Workloads;

namespace Spiffe.Agent.Issuance.Admission;

/// <summary>What one attested call may ask for. Every question is answered by the entries, the bundle and the clock of that moment.</summary>
/// <remarks>For one call, from one thread at a time. Once it is a stream it follows its caller: when the evidence says something else, so do the answers.</remarks>
public sealed class WorkloadLease : IDisposable
{
    private readonly WorkloadRegistry _registry;
    private readonly Caller _caller;
    private readonly LiveCallers _live;
    private readonly WorkloadServices _services;
    private readonly ITaskIdentities _tasks;
    private Workload _workload;
    private Standing _standing;
    private bool _streaming;

    internal WorkloadLease(WorkloadRegistry registry, Caller caller, Standing standing, LiveCallers live, WorkloadServices services, ITaskIdentities tasks)
    {
        _registry = registry;
        _caller = caller;
        _live = live;
        _services = services;
        _standing = standing;
        _tasks = tasks;
        _workload = registry.Acquire(new WorkloadKey(standing.Selectors, TasksOf(standing)));
    }

    /// <summary>Completes when asking again may give another answer. Take it before asking: it also takes note of the evidence of that moment.</summary>
    public Task Changed
    {
        get
        {
            if (!_streaming)
            {
                _streaming = true;
                _workload.StreamOpened();
                _live.Opened(_caller);
            }

            Task evidence = _caller.Belief.Changed.Next; // Before what it is about: no change is missed.
            Follow();
            return Task.WhenAny(evidence, _workload.Changed.Next);
        }
    }

    /// <summary>Why nothing may be said of the caller any more; <see cref="Refusal.None"/> while its evidence holds.</summary>
    public Refusal Refusal => _standing.Refusal;

    /// <summary>Whether the caller has any identity now.</summary>
    public bool IsEntitled => !_workload.Entitlements.IsEmpty;

    /// <summary>The authorities of the own trust domain.</summary>
    public TrustBundle Bundle => _services.Bundle();

    /// <summary>The revocation lists that go with them.</summary>
    public CrlSet Crls => _services.Crls();

    /// <summary>Holds the X.509 answer; null when there is no identity. The caller releases it.</summary>
    public Shared<Answer>? HoldX509() => _workload.HoldX509();

    /// <summary>Holds the WIT answer for all identities, or for one; null when there is no such identity. The caller releases it.</summary>
    public Shared<Answer>? HoldWit(SpiffeId? only) => _workload.HoldWit(only);

    /// <summary>JWT-SVIDs for all identities, or for one; empty when there is no such identity.</summary>
    public ImmutableArray<Presented<JwtSvid>> Jwt(AudienceSet audiences, SpiffeId? only) => _workload.Jwt(audiences, only);

    public void Dispose()
    {
        if (_streaming)
        {
            _workload.StreamClosed();
            _live.Closed(_caller);
        }

        _registry.Return(_workload);
    }

    /// <summary>Other evidence or other tasks than before lead to another workload; refused evidence to one that earns nothing.</summary>
    private void Follow()
    {
        if (_caller.Belief.Standing is { } now) _standing = now;
        WorkloadKey key = new(_standing.Selectors, TasksOf(_standing));
        if (key == _workload.Key) return;
        Workload before = _workload;
        _workload = _registry.Acquire(key);
        _workload.StreamOpened();
        before.StreamClosed();
        _registry.Return(before);
    }

    /// <summary>Evidence that is refused leaves nothing, tasks included.</summary>
    private TaskIdentities TasksOf(Standing standing) => standing.Refusal == Refusal.None ? _tasks.Of(_caller) : TaskIdentities.None;
}
