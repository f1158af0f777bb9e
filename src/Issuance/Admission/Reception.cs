using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Issuance.Admission;

/// <summary>Where every call comes in: budget, then evidence. What a caller may have is decided behind it.</summary>
internal sealed class Reception(Judge judge, UserBudget budget, DenialBook denials)
{
    /// <summary>Tells live streams of a caller to look again. Set once, when they exist.</summary>
    public Action<Caller> Hurry { get; set; } = static _ => { };

    /// <summary>Attests the caller for what the entries of this moment ask. The evidence is taken anew for each call: between two calls a process may have become another program.</summary>
    /// <returns>A standing whose refusal is <see cref="Refusal.None"/>, or why not; what is refused is counted and noted.</returns>
    public async ValueTask<Standing> ReceiveAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (RefuseAtOnce(caller) is { } refused) return refused;
        long ticket = caller.Belief.Begin();
        Standing standing = await judge.AttestAsync(caller, cancellationToken);
        if (standing.Refusal != Refusal.None)
        {
            Hurry(caller); // What its live streams are worth by now is decided by their own rules.
            return Refuse(caller, standing);
        }

        caller.Belief.Settle(ticket, standing, out _);
        return standing;
    }

    /// <summary>Attests the caller for what is asked here, and nothing else: its streams are not touched.</summary>
    public async ValueTask<Standing> ReceiveAsync(Caller caller, EvidenceDemand demand, CancellationToken cancellationToken)
    {
        if (RefuseAtOnce(caller) is { } refused) return refused;
        Standing standing = await judge.AttestAsync(caller, demand, cancellationToken);
        return standing.Refusal == Refusal.None ? standing : Refuse(caller, standing);
    }

    private Standing? RefuseAtOnce(Caller caller)
    {
        if (!budget.TryTake(caller.UserId, caller.ProcessId)) return Refuse(caller, new Standing(null, Refusal.RateLimited, "requests per second of this user"));
        if (caller.Peer is not null) return null;
        return Refuse(caller, new Standing(null, caller.Reason == PeerRefusal.PidNotVisible ? Refusal.PeerNotVisible : Refusal.PeerGone, caller.Reason.ToString()));
    }

    private Standing Refuse(Caller caller, Standing standing)
    {
        denials.Add(caller, standing.Refusal, standing.Detail);
        return standing;
    }
}
