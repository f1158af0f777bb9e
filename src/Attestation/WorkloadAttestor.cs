using System.Globalization;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Attestation.Scheduling;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation;

/// <summary>Says who a process is: asks every attestor that is needed, side by side, and believes them only if the process is the same afterwards.</summary>
/// <remarks><para>The order is the proof: evidence first, then which executable runs, then ids and liveness. What took the process's place in between fails the last steps.</para>
/// <para>The kernel is asked first, services only for types of selector that, given what the kernel said, might still make an entry match: a service that is slow or
/// down is felt by nobody else. And each user has only so many questions under way.</para></remarks>
public sealed partial class WorkloadAttestor
{
    private readonly IAttestor[] _local;
    private readonly IAttestor[] _services;
    private readonly AttestationOptions _options;
    private readonly TimeProvider _clock;
    private readonly Dictionary<IAttestor, AttestorRecord> _records;
    private readonly FairSlots _slots;
    private readonly FairSlots _refreshSlots;

    public WorkloadAttestor(IEnumerable<IAttestor> attestors, AttestationOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        IAttestor[] all = [.. attestors];
        _local = [.. all.Where(a => a.IsLocal)];
        _services = [.. all.Where(a => !a.IsLocal)];
        _options = options;
        _clock = clock;
        _records = all.ToDictionary(a => a, a => new AttestorRecord(a.Type, clock));
        _slots = new FairSlots(options.MaxConcurrentQuestions, options.MaxConcurrentQuestionsPerUser);
        _refreshSlots = new FairSlots(options.MaxConcurrentRefreshes, Math.Max(1, options.MaxConcurrentRefreshes / 2), FairSlots.MaxWaiting);
    }

    /// <summary>How the attestors have done since the start.</summary>
    public IReadOnlyList<AttestorStatus> Status => [.. _local.Concat(_services).Select(a => _records[a].Status)];

    /// <summary>Which evidence of services is asked for, and how.</summary>
    private enum Asking
    {
        /// <summary>For a call: all of it, now.</summary>
        Anew,

        /// <summary>For a live stream: what they said before counts as long as it may.</summary>
        WhatIsMissing,

        /// <summary>For later: all of it, when there is time.</summary>
        Patiently,

        /// <summary>For an operator: all of it, whatever others ask for.</summary>
        Unbounded,
    }

    /// <summary>For a call: reads the evidence that the entries ask for, all of it anew, then checks that the peer lives and is unchanged.</summary>
    public ValueTask<AttestationResult> AttestAsync(PeerProcess peer, EvidenceDemand demand, CancellationToken cancellationToken) =>
        AttestAsync(peer, demand, Asking.Anew, cancellationToken);

    /// <summary>For an explanation: asks every attestor whose type is needed, whether an entry might match or not, and takes nobody's share for it.</summary>
    public ValueTask<AttestationResult> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken) =>
        AttestAsync(peer, EvidenceDemand.Of(needed), Asking.Unbounded, cancellationToken);

    /// <summary>For a live stream: reads the kernel's evidence anew; what services said of the process counts on while the kernel says the same, at most for
    /// <see cref="AttestationOptions.MaxStaleEvidence"/>. When it says anything else they are asked now; what they were never asked is owed.</summary>
    public ValueTask<AttestationResult> ReattestAsync(PeerProcess peer, EvidenceDemand demand, CancellationToken cancellationToken) =>
        AttestAsync(peer, demand, Asking.WhatIsMissing, cancellationToken);

    /// <summary>Whether <see cref="RefreshAsync"/> is due: what services said is older than <see cref="AttestationOptions.ServiceEvidenceAge"/>, or one of them failed since.</summary>
    public bool IsRefreshDue(PeerProcess peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return peer.Services.IsDue(_options.ServiceEvidenceAge, _clock);
    }

    /// <summary>Asks services again, when there is time, for the next <see cref="ReattestAsync"/>. Says nothing itself.</summary>
    public async ValueTask RefreshAsync(PeerProcess peer, EvidenceDemand demand, CancellationToken cancellationToken) =>
        await AttestAsync(peer, demand, Asking.Patiently, cancellationToken);

    private async ValueTask<AttestationResult> AttestAsync(PeerProcess peer, EvidenceDemand demand, Asking asking, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(demand);
        Findings found = new();
        foreach (IAttestor attestor in _local)
        {
            if (demand.Kinds.ContainsType(attestor.Type)) found.Add(await AskAsync(attestor, peer, demand.Kinds, cancellationToken));
        }

        if (!found.IsBusy && demand.ServicesAmong(_services) is { Length: > 0 } open) await AskServicesAsync(peer, demand, open, asking, found, cancellationToken);
        if (found.IsBusy) return Refuse(peer, PeerRefusal.TooBusy);
        if (found.Executable is { } sampled && sampled != ExecutableId.Of(peer.Directory)) return Refuse(peer, IfAlive(PeerRefusal.ExecutableChanged));
        foreach (CgroupReading reading in found.Cgroups)
        {
            if (!CgroupReader.IsStill(reading, peer)) return Refuse(peer, IfAlive(PeerRefusal.CgroupChanged));
        }

        PeerRefusal refusal = peer.Check();
        if (refusal == PeerRefusal.None && found.NothingAnswered) refusal = PeerRefusal.EvidenceUnavailable;
        return refusal == PeerRefusal.None ? peer.LastAttested = found.Together(peer.LastAttested) : Refuse(peer, refusal);

        PeerRefusal IfAlive(PeerRefusal change) => peer.CheckRunning() is not PeerRefusal.None and PeerRefusal exit ? exit : change;
    }

    private async ValueTask<AttestorAnswer> AskAsync(IAttestor attestor, PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken) =>
        _records[attestor].Count(await AskBoundedAsync(attestor, peer, needed, cancellationToken));

    /// <summary>Asks one attestor, bounded by the deadline even if it does not heed its token. Only the caller's own cancellation is thrown.</summary>
    private async ValueTask<AttestorAnswer> AskBoundedAsync(IAttestor attestor, PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken)
    {
        // The clock starts, and the caller's token is tied in, only for who does not answer at once.
        using CancellationTokenSource end = new();
        try
        {
            ValueTask<AttestorFindings> answer = attestor.AttestAsync(peer, needed, end.Token);
            if (answer.IsCompleted) return new AttestorAnswer(attestor.Type, await answer, default, "");
            using CancellationTokenSource deadline = new(_options.AttestorDeadline, _clock);
            using CancellationTokenRegistration late = deadline.Token.UnsafeRegister(static e => ((CancellationTokenSource)e!).Cancel(), end);
            using CancellationTokenRegistration gone = cancellationToken.UnsafeRegister(static e => ((CancellationTokenSource)e!).Cancel(), end);
            return new AttestorAnswer(attestor.Type, await answer.AsTask().WaitAsync(end.Token), default, "");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return TimedOut(attestor);
        }
#pragma warning disable CA1031 // One attestor's failure, whatever it is, must not take the others' evidence with it.
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return new AttestorAnswer(attestor.Type, null, EvidenceRefusal.AttestorFailed, failure.Message);
        }
    }

    private AttestorAnswer TimedOut(IAttestor attestor) => new(
        attestor.Type, null, EvidenceRefusal.TimedOut, string.Create(CultureInfo.InvariantCulture, $"no answer within {_options.AttestorDeadline.TotalSeconds} s"));

    private static AttestationResult.Refused Refuse(PeerProcess peer, PeerRefusal reason) =>
        new(reason, string.Create(CultureInfo.InvariantCulture, $"pid {peer.ProcessId}, uid {peer.UserId}, start time {peer.StartTime}: {reason}"));
}
