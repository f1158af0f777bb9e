using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation;

/// <summary>Says who a process is: asks every attestor that is needed, side by side, and believes them only if the process is the same afterwards.</summary>
/// <remarks>The order is the proof: evidence first, then which executable runs, then ids and liveness. What took the process's place in between fails the last steps.</remarks>
public sealed class WorkloadAttestor
{
    private readonly IAttestor[] _attestors;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _clock;

    public WorkloadAttestor(IEnumerable<IAttestor> attestors, AttestationOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _attestors = [.. attestors];
        _deadline = options.AttestorDeadline;
        _clock = clock;
    }

    /// <summary>Reads the evidence for the kinds of selector that are needed, then checks that the peer lives and is unchanged.</summary>
    public async ValueTask<AttestationResult> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(needed);

        // All are started before any is waited for.
        List<Task<Answer>>? pending = null;
        Findings found = new();
        foreach (IAttestor attestor in _attestors)
        {
            if (!needed.ContainsType(attestor.Type)) continue;
            ValueTask<Answer> answer = AskAsync(attestor, peer, needed, cancellationToken);
            if (answer.IsCompleted) found.Add(await answer);
            else (pending ??= []).Add(answer.AsTask());
        }

        foreach (Task<Answer> answer in pending ?? []) found.Add(await answer);

        if (found.Executable is { } sampled && sampled != ExecutableId.Of(peer.Directory)) return Refuse(peer, PeerRefusal.ExecutableChanged);
        if (!found.Cgroups.All(reading => CgroupReader.IsStill(reading, peer))) return Refuse(peer, PeerRefusal.CgroupChanged);
        PeerRefusal refusal = peer.Check();
        if (refusal == PeerRefusal.None && found.NothingAnswered) refusal = PeerRefusal.EvidenceUnavailable;
        return refusal == PeerRefusal.None
            ? peer.LastAttested = found.IsAsIn(peer.LastAttested) ? peer.LastAttested : found.ToAttested()
            : Refuse(peer, refusal);
    }

    /// <summary>Asks one attestor, bounded by the deadline even if it does not heed its token. Only the caller's own cancellation is thrown.</summary>
    private async ValueTask<Answer> AskAsync(IAttestor attestor, PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken)
    {
        // The clock starts, and the caller's token is tied in, only for who does not answer at once.
        using CancellationTokenSource end = new();
        try
        {
            ValueTask<AttestorFindings> answer = attestor.AttestAsync(peer, needed, end.Token);
            if (answer.IsCompleted) return new Answer(attestor.Type, await answer, default, "");
            using CancellationTokenSource deadline = new(_deadline, _clock);
            using CancellationTokenRegistration late = deadline.Token.UnsafeRegister(static e => ((CancellationTokenSource)e!).Cancel(), end);
            using CancellationTokenRegistration gone = cancellationToken.UnsafeRegister(static e => ((CancellationTokenSource)e!).Cancel(), end);
            return new Answer(attestor.Type, await answer.AsTask().WaitAsync(end.Token), default, "");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Answer(attestor.Type, null, EvidenceRefusal.TimedOut, string.Create(CultureInfo.InvariantCulture, $"no answer within {_deadline.TotalSeconds} s"));
        }
#pragma warning disable CA1031 // One attestor's failure, whatever it is, must not take the others' evidence with it.
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return new Answer(attestor.Type, null, EvidenceRefusal.AttestorFailed, failure.Message);
        }
    }

    private static AttestationResult.Refused Refuse(PeerProcess peer, PeerRefusal reason) =>
        new(reason, string.Create(CultureInfo.InvariantCulture, $"pid {peer.ProcessId}, uid {peer.UserId}, start time {peer.StartTime}: {reason}"));

    private readonly record struct Answer(string Type, AttestorFindings? Findings, EvidenceRefusal Reason, string Detail);

    /// <summary>What all attestors said together.</summary>
    private sealed class Findings
    {
        private int _answered;
        private int _failed;
        private IReadOnlyList<EvidenceItem> _evidence = [];
        private IReadOnlyList<RefusedEvidence> _refused = [];
        private IReadOnlyList<string> _failedTypes = [];

        internal ExecutableId? Executable { get; private set; }

        internal IReadOnlyList<CgroupReading> Cgroups { get; private set; } = [];

        internal bool NothingAnswered => _answered == 0 && _failed > 0;

        internal void Add(Answer answer)
        {
            if (answer.Findings is not { } findings)
            {
                _failed++;
                _failedTypes = [.. _failedTypes, answer.Type];
                _refused = [.. _refused, new RefusedEvidence(answer.Type, "", answer.Reason, answer.Detail)];
                return;
            }

            _answered++;
            _evidence = _evidence.Count == 0 ? findings.Evidence : [.. _evidence, .. findings.Evidence];
            _refused = _refused.Count == 0 ? findings.Refused : [.. _refused, .. findings.Refused];
            Executable ??= findings.Executable;
            if (findings.Cgroup is { } cgroup) Cgroups = [.. Cgroups, cgroup];
        }

        /// <summary>Whether this is word for word what was found before: then its set of selectors is already made.</summary>
        internal bool IsAsIn([NotNullWhen(true)] AttestationResult.Attested? last) =>
            last is not null && AreEqual(_evidence, last.Evidence) && AreEqual(_refused, last.RefusedEvidence) && AreEqual(_failedTypes, last.FailedTypes);

        internal AttestationResult.Attested ToAttested() =>
            new(new SelectorSet(_evidence.Select(e => e.Selector)), _evidence, _refused) { FailedTypes = _failedTypes };

        private static bool AreEqual<T>(IReadOnlyList<T> found, IReadOnlyList<T> before) => ReferenceEquals(found, before) || found.SequenceEqual(before);
    }
}
