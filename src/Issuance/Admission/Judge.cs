using System.Globalization;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance.Admission;

/// <summary>Has a caller attested for what the entries of that moment ask, and says what follows.</summary>
/// <remarks>An attestor that failed matters when an entry might match by what it did not say: then there is no answer at all, since a smaller identity than the caller's
/// would be a wrong one. When no entry might, nothing is lost.</remarks>
internal sealed class Judge(WorkloadAttestor attestor, EntryStore entries)
{
    /// <summary>Tries for a process that becomes another program, or is moved, while it is looked at. Ours: who goes on doing so is not believed.</summary>
    private const int MaxTries = 3;

    private Wanted? _wanted;

    /// <summary>For a call. All evidence is taken anew.</summary>
    public ValueTask<Standing> AttestAsync(Caller caller, CancellationToken cancellationToken)
    {
        Wanted wanted = Now();
        ValueTask<AttestationResult> result = attestor.AttestAsync(caller.Peer!, wanted.Demand, cancellationToken);
        return result.IsCompletedSuccessfully ? new ValueTask<Standing>(Say(caller, result.Result, wanted.Entries)) : Later(caller, result, wanted.Entries);

        static async ValueTask<Standing> Later(Caller caller, ValueTask<AttestationResult> result, EntrySnapshot entries) => Say(caller, await result, entries);
    }

    /// <summary>For a live stream. What services said may be minutes old while the kernel says the same.</summary>
    public async ValueTask<Standing> ReattestAsync(Caller caller, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            Wanted wanted = Now();
            AttestationResult result = await attestor.ReattestAsync(caller.Peer!, wanted.Demand, cancellationToken);
            bool isInMotion = result is AttestationResult.Refused { Reason: PeerRefusal.ExecutableChanged or PeerRefusal.CgroupChanged };
            if (!isInMotion || tries == MaxTries) return Say(caller, result, wanted.Entries);
        }
    }

    /// <summary>Whether services should be asked again about a caller, when there is time.</summary>
    public bool IsRefreshDue(Caller caller, Standing standing) =>
        standing.Attested is { } attested && (attested.OwedTypes.Count > 0 || attestor.IsRefreshDue(caller.Peer!));

    /// <summary>Asks them, for the next <see cref="ReattestAsync"/>.</summary>
    public ValueTask RefreshAsync(Caller caller, CancellationToken cancellationToken) => attestor.RefreshAsync(caller.Peer!, Now().Demand, cancellationToken);

    private static Standing Say(Caller caller, AttestationResult result, EntrySnapshot entries) => result switch
    {
        AttestationResult.Attested attested => Say(caller, attested, entries),
        AttestationResult.Refused refused => new Standing(null, Map(refused.Reason), refused.Detail),
        _ => throw new InvalidOperationException($"unknown attestation result {result.GetType().Name}"),
    };

    private static Standing Say(Caller caller, AttestationResult.Attested attested, EntrySnapshot entries)
    {
        foreach (string type in attested.FailedTypes)
        {
            if (!entries.MightMatch(attested.Selectors, type, attested.FailedTypes)) continue;
            RefusedEvidence? why = attested.RefusedEvidence.FirstOrDefault(r => r.Key.Length == 0 && string.Equals(r.Type, type, StringComparison.Ordinal));
            return new Standing(null, Refusal.EvidenceUnavailable, string.Create(CultureInfo.InvariantCulture, $"{type}: {why?.Reason}: {why?.Detail}"));
        }

        // The same evidence as before is the same object: then nothing is allocated.
        return caller.Belief.Standing is { } last && ReferenceEquals(last.Attested, attested) ? last : new Standing(attested, Refusal.None, "");
    }

    private static Refusal Map(PeerRefusal reason) => reason switch
    {
        PeerRefusal.PidNotVisible => Refusal.PeerNotVisible,
        PeerRefusal.EvidenceUnavailable => Refusal.EvidenceUnavailable,
        PeerRefusal.TooBusy => Refusal.RateLimited,
        _ => Refusal.PeerGone,
    };

    private Wanted Now()
    {
        EntrySnapshot current = entries.Current;
        Wanted? known = Volatile.Read(ref _wanted);
        if (known is not null && ReferenceEquals(known.Entries, current)) return known;
        Wanted fresh = new(current, new EvidenceDemand(current.Kinds, current.MightMatch));
        Volatile.Write(ref _wanted, fresh);
        return fresh;
    }

    private sealed record Wanted(EntrySnapshot Entries, EvidenceDemand Demand);
}
