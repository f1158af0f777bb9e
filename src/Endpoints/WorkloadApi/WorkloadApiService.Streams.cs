using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.WorkloadApi;

// The streams: the full state at once, and again whenever it is another (Workload API §4.3). An identity that is withdrawn ends the stream (§5.2.1).
public sealed partial class WorkloadApiService
{
    private Task FetchX509Svid(X509SVIDRequest request, IServerStreamWriter<EncodedMessage> stream, ServerCallContext context) =>
        StreamAnswers(stream, context, static (lease, _) => lease.HoldX509(), null);

    private Task FetchWitSvid(WITSVIDRequest request, IServerStreamWriter<EncodedMessage> stream, ServerCallContext context) =>
        StreamAnswers(stream, context, static (lease, only) => lease.HoldWit(only), RequestedId(request.SpiffeId));

    private async Task StreamAnswers(
        IServerStreamWriter<EncodedMessage> stream, ServerCallContext context, Func<WorkloadLease, SpiffeId?, Shared<Answer>?> hold, SpiffeId? only)
    {
        using WorkloadLease lease = await AdmitAsync(context);
        long sent = 0;
        while (true)
        {
            Task changed = lease.Changed;
            EnsureServing();
            if (lease.Refusal is not Refusal.None and Refusal refusal) throw Deny(context, refusal);
            Shared<Answer> answer = hold(lease, only) ?? throw Deny(context, Missing(lease, only));
            try
            {
                if (answer.Value.Version != sent && !await Issuance.Journal.SettleAsync(context.CancellationToken)) throw Deny(context, Refusal.NotRecorded);
                if (answer.Value.Version != sent) await stream.WriteAsync(EncodedMessage.FromBlock(answer.Value.Block), context.CancellationToken);
                sent = answer.Value.Version;
            }
            finally
            {
                answer.Release();
            }

            if (!await WaitAsync(changed, context)) return;
        }
    }

    /// <summary>Why a caller has no answer: none is its own, or it cannot be written down now.</summary>
    private Refusal Missing(WorkloadLease lease, SpiffeId? only) =>
        lease.IsEntitled && !Issuance.Journal.IsWritable ? Refusal.NotRecorded : only is null || !lease.IsEntitled ? Refusal.NoIdentity : Refusal.NotEntitled;

    private async Task FetchBundles(IServerStreamWriter<EncodedMessage> stream, ServerCallContext context, Func<BundleResponses, EncodedMessage> select)
    {
        using WorkloadLease lease = await AdmitAsync(context);
        EncodedMessage? sent = null;
        while (true)
        {
            Task changed = lease.Changed;
            EnsureServing();
            if (lease.Refusal is not Refusal.None and Refusal refusal) throw Deny(context, refusal);
            if (!MayTrust(lease)) throw Deny(context, Refusal.NoIdentity);
            EncodedMessage current = select(ResponsesFor(lease.Bundle, lease.Crls));
            // A bundle may change in another profile only: the same bytes are the same state.
            if (sent is null || !current.Frame.Span.SequenceEqual(sent.Frame.Span)) await stream.WriteAsync(current, context.CancellationToken);
            sent = current;
            if (!await WaitAsync(changed, context)) return;
        }
    }

    /// <summary>Waits for a change; false when the client is gone or its deadline has passed. That is the usual end of a stream, so it throws nothing.</summary>
    private static async ValueTask<bool> WaitAsync(Task changed, ServerCallContext context)
    {
        await changed.WaitAsync(context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !context.CancellationToken.IsCancellationRequested;
    }

    private BundleResponses ResponsesFor(TrustBundle bundle, CrlSet crls)
    {
        BundleResponses? known = Volatile.Read(ref _bundles);
        if (known is not null && known.IsOf(bundle, crls)) return known;
        BundleResponses fresh = new(bundle, crls);
        Volatile.Write(ref _bundles, fresh);
        return fresh;
    }

    /// <summary>Reads the optional spiffe_id of a request; empty means all identities.</summary>
    private static SpiffeId? RequestedId(string text)
    {
        if (text.Length == 0) return null;
        return SpiffeId.TryParse(text, out SpiffeId? id, out SpiffeIdRule broken)
            ? id
            : throw InvalidArgument($"spiffe_id is not a SPIFFE ID: {broken}");
    }
}
