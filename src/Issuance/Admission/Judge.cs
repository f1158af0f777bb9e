using System.Globalization;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Admission;

/// <summary>Has a caller attested for what the entries and the automatic templates of that moment ask, and says what follows.</summary>
/// <remarks>An attestor that failed matters when an entry might match by what it did not say: then there is no answer at all, since a smaller identity than the caller's
/// would be a wrong one. When no entry might, nothing is lost.</remarks>
internal sealed class Judge(WorkloadAttestor attestor, EntryStore entries, Func<TemplateSnapshot> templates)
{
    /// <summary>Tries for a process that becomes another program, or is moved, while it is looked at. Ours: who goes on doing so is not believed.</summary>
    private const int MaxTries = 3;

    private Wanted? _wanted;

    /// <summary>For a call. All evidence is taken anew.</summary>
    public ValueTask<Standing> AttestAsync(Caller caller, CancellationToken cancellationToken)
    {
        Wanted wanted = Now();
        ValueTask<AttestationResult> result = attestor.AttestAsync(caller.Peer!, wanted.Demand, cancellationToken);
        return result.IsCompletedSuccessfully ? new ValueTask<Standing>(Say(caller, result.Result, wanted)) : Later(caller, result, wanted);

        static async ValueTask<Standing> Later(Caller caller, ValueTask<AttestationResult> result, Wanted wanted) => Say(caller, await result, wanted);
    }

    /// <summary>For what is asked here: an attestor that failed is the asker's to weigh.</summary>
    public async ValueTask<Standing> AttestAsync(Caller caller, EvidenceDemand demand, CancellationToken cancellationToken) =>
        await attestor.AttestAsync(caller.Peer!, demand, cancellationToken) switch
        {
            AttestationResult.Attested attested => new Standing(attested, Refusal.None, ""),
            AttestationResult.Refused refused => new Standing(null, Map(refused.Reason), refused.Detail),
            _ => throw new InvalidOperationException("unknown attestation result"),
        };

    /// <summary>For a live stream. What services said may be minutes old while the kernel says the same.</summary>
    public async ValueTask<Standing> ReattestAsync(Caller caller, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            Wanted wanted = Now();
            AttestationResult result = await attestor.ReattestAsync(caller.Peer!, wanted.Demand, cancellationToken);
            bool isInMotion = result is AttestationResult.Refused { Reason: PeerRefusal.ExecutableChanged or PeerRefusal.CgroupChanged };
            if (!isInMotion || tries == MaxTries) return Say(caller, result, wanted);
        }
    }

    /// <summary>Whether services should be asked again about a caller, when there is time.</summary>
    public bool IsRefreshDue(Caller caller, Standing standing) =>
        standing.Attested is { } attested && (attested.OwedTypes.Count > 0 || attestor.IsRefreshDue(caller.Peer!));

    /// <summary>Asks them, for the next <see cref="ReattestAsync"/>.</summary>
    public ValueTask RefreshAsync(Caller caller, CancellationToken cancellationToken) => attestor.RefreshAsync(caller.Peer!, Now().Demand, cancellationToken);

    private static Standing Say(Caller caller, AttestationResult result, Wanted wanted) => result switch
    {
        AttestationResult.Attested attested => Say(caller, attested, wanted),
        AttestationResult.Refused refused => new Standing(null, Map(refused.Reason), refused.Detail),
        _ => throw new InvalidOperationException($"unknown attestation result {result.GetType().Name}"),
    };

    private static Standing Say(Caller caller, AttestationResult.Attested attested, Wanted wanted)
    {
        foreach (string type in attested.FailedTypes)
        {
            if (!wanted.MightMatch(attested.Selectors, type, attested.FailedTypes)) continue;
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
        TemplateSnapshot offered = templates();
        Wanted? known = Volatile.Read(ref _wanted);
        if (known is not null && ReferenceEquals(known.Entries, current) && ReferenceEquals(known.Templates, offered)) return known;
        Wanted fresh = new(current, offered);
        Volatile.Write(ref _wanted, fresh);
        return fresh;
    }

    private sealed record Wanted(EntrySnapshot Entries, TemplateSnapshot Templates)
    {
        public EvidenceDemand Demand => field ??= Templates.Automatic.IsEmpty
            ? new EvidenceDemand(Entries.Kinds, Entries.MightMatch)
            : new EvidenceDemand(Entries.Kinds.And(Templates.AutomaticKinds), MightMatch);

        public bool MightMatch(SelectorSet held, string type, IReadOnlyList<string> open) =>
            Entries.MightMatch(held, type, open) || (!Templates.Automatic.IsEmpty && Templates.MightMatchAutomatic(held, type, open));
    }
}
