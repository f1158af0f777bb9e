namespace Spiffe.Agent.Rpc.Server;

/// <summary>One method of a service, as the server calls it.</summary>
internal abstract class ServerMethod(string path)
{
    /// <summary>What the request's :path says: <c>/service/method</c>.</summary>
    public string Path { get; } = path;

    /// <summary>Whether the answer is a stream. Such calls may have no end of their own, so a stopping server ends them.</summary>
    public abstract bool Streams { get; }

    /// <summary>Reads requests, runs the handler, writes responses. Answers what the handler ended with, and may throw as well: both become the status of the call.</summary>
    public abstract ValueTask<Exception?> InvokeAsync(ServerCallContext call);

    /// <summary>Waits for a handler without throwing what it threw once more: a cancelled stream is daily business, and each throw costs as much as half a call.</summary>
    protected static async ValueTask<Exception?> OutcomeAsync(Task handler)
    {
        await handler.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return handler.IsCompletedSuccessfully ? null : handler.IsCanceled ? Cancelled : handler.Exception!.InnerException;
    }

    private static readonly OperationCanceledException Cancelled = new("the handler was cancelled");
}
