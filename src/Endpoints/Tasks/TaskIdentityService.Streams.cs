using System.Security.Cryptography;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;
using Wire = Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Endpoints.Tasks;

// The streams: take the signal, ask, write what is another, wait.
public sealed partial class TaskIdentityService
{
    /// <summary>Shortest wait for a credential that is due. Ours: one that cannot be renewed just now must not become a storm.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait without looking. Ours: the clock may be set.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private async Task FetchTaskCredentials(FetchTaskCredentialsRequest request, IServerStreamWriter<EncodedMessage> stream, ServerCallContext context)
    {
        TaskCredentialWish wish = TaskRequests.Wish(request);
        (TaskCredentialFeed? feed, TaskAnswer refused) = await Tasks.FetchAsync(ConnectionCaller.Of(context), Id(request.TaskId), wish, context.CancellationToken);
        if (feed is null) throw StatusMapping.ToException(refused);
        CredentialState? sent = null;
        while (true)
        {
            Task changed = feed.Changed;
            _ = Tasks; // Ends a stream that outlived the daemon's readiness.
            if (feed.Task.EndedAt is not null) throw StatusMapping.ToException(TaskRefusal.Ended);
            TimeSpan wait = LongestWait;
            using (TaskCredentialSet? held = await feed.HoldAsync(context.CancellationToken))
            {
                TaskView task = feed.Task; // Behind the credentials: if it is another by now, the signal was raised, and all of it is sent anew.
                CredentialState state = CredentialState.Of(task, held);
                if (state != sent) await WriteAsync(CredentialEncoder.Encode(task, held), stream, context);
                sent = state;
                if (held is not null) wait = held.FreshUntil - time.GetUtcNow();
            }

            if (!await WaitAsync(changed, wait, context)) return;
        }
    }

    private async Task WatchTask(WatchTaskRequest request, IServerStreamWriter<Wire.TaskEvent> stream, ServerCallContext context)
    {
        if (request.After < 0) throw TaskLimits.Invalid("after: must not be negative");
        (TaskWatch? watch, TaskAnswer refused) = await Tasks.WatchAsync(ConnectionCaller.Of(context), Id(request.TaskId), context.CancellationToken);
        if (watch is null) throw StatusMapping.ToException(refused);
        long seen = request.After;
        while (true)
        {
            Task changed = watch.Changed;
            _ = Tasks;
            bool isOver = watch.IsOver; // Asked first: what is over has no event behind those that are read now.
            foreach (Issuance.Tasks.Views.TaskEvent happened in watch.After(seen))
            {
                await stream.WriteAsync(TaskMessages.Event(happened), context.CancellationToken);
                seen = happened.Sequence;
            }

            if (isOver || !await WaitAsync(changed, LongestWait, context)) return;
        }
    }

    /// <summary>Keys are in the block for as long as it is being written, and no longer.</summary>
    private static async Task WriteAsync(byte[] block, IServerStreamWriter<EncodedMessage> stream, ServerCallContext context)
    {
        try
        {
            await stream.WriteAsync(EncodedMessage.FromBlock(block), context.CancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
        }
    }

    /// <summary>Waits for a change or for the time; false when the client is gone. That is the usual end of a stream, so it throws nothing.</summary>
    private async ValueTask<bool> WaitAsync(Task changed, TimeSpan wait, ServerCallContext context)
    {
        TimeSpan bounded = wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;
        await changed.WaitAsync(bounded, time, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !context.CancellationToken.IsCancellationRequested;
    }
}
