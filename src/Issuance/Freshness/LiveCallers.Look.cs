using Spiffe.Agent.Attestation;
using Spiffe.Agent.Issuance.Admission;

namespace Spiffe.Agent.Issuance.Freshness;

// One look at one caller.
public sealed partial class LiveCallers
{
    /// <summary>Takes the caller's evidence anew, unless that is being done: then once more afterwards. Never fails.</summary>
    /// <param name="caller">Who is looked at.</param>
    /// <param name="mayRefresh">Whether services are asked again in the background when that is due.</param>
    internal async Task LookAsync(Caller caller, bool mayRefresh = true)
    {
        if (!caller.Live.Looking.TryEnter()) return;
        do
        {
            caller.Live.LookedAt = _time.GetTimestamp();
            await LookOnceAsync(caller, mayRefresh);
            mayRefresh = false;
        }
        while (!caller.Live.Looking.TryLeave());
    }

    private async ValueTask LookOnceAsync(Caller caller, bool mayRefresh)
    {
        long ticket = caller.Belief.Begin();
        Standing standing;
        try
        {
            standing = await _judge.ReattestAsync(caller, CancellationToken.None);
        }
#pragma warning disable CA1031 // Whatever it is: evidence that cannot be taken must not count any longer, and the others' must still be taken.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (caller.IsDisposed) return; // The connection has ended under our hands.
            LogFault(caller.ProcessId, caller.UserId, failure);
            standing = new Standing(null, Refusal.EvidenceUnavailable, failure.Message);
        }

        _counters.EvidenceRetaken();
        if (caller.IsDisposed) return;
        if (caller.Belief.Settle(ticket, standing, out Standing? before) && before is not null) Report(caller, before, standing);
        if (mayRefresh && _judge.IsRefreshDue(caller, standing) && caller.Live.Refreshing.TryEnter()) _ = RefreshAsync(caller);
    }

    /// <summary>Asks services again, in the background, and looks again when they have answered.</summary>
    private async Task RefreshAsync(Caller caller)
    {
        try
        {
            await _judge.RefreshAsync(caller, CancellationToken.None);
        }
#pragma warning disable CA1031 // What was not refreshed is asked for again at the next look, and ends with MaxStaleEvidence.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (!caller.IsDisposed) LogFault(caller.ProcessId, caller.UserId, failure);
        }

        caller.Live.Refreshing.Leave(); // Who came meanwhile has been served.
        if (!caller.IsDisposed) await LookAsync(caller, mayRefresh: false); // A service that failed again has its turn at the next look.
    }

    private void Report(Caller caller, Standing before, Standing after)
    {
        _counters.EvidenceChanged();
        if (after.Refusal == Refusal.None)
        {
            LogChanged(caller.ProcessId, caller.UserId, Shown(after, before), Shown(before, after));
            return;
        }

        _counters.StandingLost();
        LogRefused(caller.ProcessId, caller.UserId, after.Refusal, after.Detail);
    }

    /// <summary>What the one holds and the other does not, without secrets.</summary>
    private static string Shown(Standing of, Standing without)
    {
        IEnumerable<EvidenceItem> evidence = of.Attested?.Evidence ?? [];
        string text = string.Join(' ', evidence.Where(item => !without.Selectors.Contains(item.Selector)).Select(item => item.Shown));
        return text.Length == 0 ? "nothing" : text;
    }
}
