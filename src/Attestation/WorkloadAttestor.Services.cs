using System.Globalization;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Attestation.Scheduling;

namespace Spiffe.Agent.Attestation;

// The second half: services that know more than the kernel. A negative answer of theirs is not remembered: it would keep a container that just starts waiting, and
// who provokes it has only his own share of questions to spend.
public sealed partial class WorkloadAttestor
{
    private static readonly AttestorFindings Busy = new([], []) { IsBusy = true };

    /// <summary>Asks those services of the <paramref name="open"/> types whose answers might still decide something.</summary>
    private async ValueTask AskServicesAsync(
        PeerProcess peer, EvidenceDemand demand, string[] open, Asking asking, Findings found, CancellationToken cancellationToken)
    {
        AttestationResult.Attested local = peer.LastLocal = found.Together(peer.LastLocal);
        KernelState? kernel = null;
        List<Task<AttestorAnswer>>? pending = null; // All are started before any is waited for.
        foreach (IAttestor service in _services)
        {
            if (!open.Contains(service.Type, StringComparer.Ordinal) || !demand.MightMatch(local.Selectors, service.Type, open)) continue;
            kernel ??= KernelState.Of(peer);
            if (asking == Asking.WhatIsMissing && TryRecall(service, peer, kernel, found)) continue;
            (pending ??= []).Add(AskInTurnAsync(service, peer, demand, asking, cancellationToken).AsTask());
        }

        found.Executable ??= kernel?.Executable; // It must still run at the end, for services' words too.
        foreach (Task<AttestorAnswer> asked in pending ?? [])
        {
            AttestorAnswer answer = await asked;
            found.Add(answer);
            if (answer.Findings is not { } findings) peer.Services.Failed(answer.Type);
            else if (!findings.IsBusy && kernel!.IsKnown) peer.Services.Keep(new ServiceEvidence.Said(answer.Type, findings, kernel, _clock.GetTimestamp(), false));
        }
    }

    /// <summary>For a live stream: what the service said before, if it need not be asked now.</summary>
    /// <remarks>What was never asked, because no entry asked for it, is owed and need not be waited for: what the stream has rests on other evidence. What was said under
    /// another state of the kernel is worth nothing, and must be asked at once.</remarks>
    private bool TryRecall(IAttestor service, PeerProcess peer, KernelState kernel, Findings found)
    {
        if (peer.Services.Find(service.Type) is not { } said)
        {
            found.Owe(service.Type);
            return true;
        }

        if (!kernel.IsKnown || said.Kernel != kernel) return false;
        TimeSpan age = _clock.GetElapsedTime(said.At);
        found.Add(age < _options.MaxStaleEvidence
            ? new AttestorAnswer(service.Type, said.Findings, default, "")
            : new AttestorAnswer(service.Type, null, EvidenceRefusal.TimedOut, string.Create(CultureInfo.InvariantCulture, $"no answer for {age.TotalSeconds:F0} s")));
        return true;
    }

    /// <summary>Asks when it is the user's turn. Waiting counts towards the deadline of a call: its client does not wait longer because others wait too.</summary>
    private async ValueTask<AttestorAnswer> AskInTurnAsync(IAttestor service, PeerProcess peer, EvidenceDemand demand, Asking asking, CancellationToken cancellationToken)
    {
        if (asking == Asking.Unbounded || service.IsSureToAskNobody(peer)) return await AskAsync(service, peer, demand.Kinds, cancellationToken);
        FairSlots slots = asking == Asking.Patiently ? _refreshSlots : _slots;
        using CancellationTokenSource? late = asking == Asking.Patiently ? null : new CancellationTokenSource(_options.AttestorDeadline, _clock);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late?.Token ?? CancellationToken.None);
        try
        {
            if (!await slots.TakeAsync(new Beneficiary(peer.UserId, peer.ProcessId), end.Token)) return new AttestorAnswer(service.Type, Busy, default, "");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return _records[service].Count(TimedOut(service));
        }

        try
        {
            return await AskAsync(service, peer, demand.Kinds, end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return _records[service].Count(TimedOut(service));
        }
        finally
        {
            slots.Give(peer.UserId);
        }
    }
}
