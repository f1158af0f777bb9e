using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Cli.Connection;

/// <summary>An endpoint as a verb uses it: asks with a bounded wait, follows a stream through restarts; what fails becomes a fault.</summary>
/// <param name="address">Who is asked.</param>
/// <param name="timeout">Longest wait for an answer, or for the first one of a stream.</param>
/// <param name="terminal">Clock, and standard error for remarks.</param>
internal sealed class Endpoint(EndpointAddress address, TimeSpan timeout, Terminal terminal)
{
    public EndpointAddress Address { get; } = address;

    /// <summary>Asks once.</summary>
    /// <exception cref="FaultException">Every status but OK, and no answer in time.</exception>
    /// <exception cref="OperationCanceledException">The person gave up.</exception>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using CancellationTokenSource clock = new(timeout, terminal.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            return await ask(either.Token);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new FaultException(Explain(e, clock.IsCancellationRequested));
        }
    }

    /// <summary>The first message of a stream.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public Task<T> FirstAsync<T>(Func<CancellationToken, IAsyncEnumerable<T>> open, CancellationToken cancellationToken) => AskAsync(
        async token =>
        {
            await foreach (T message in open(token)) return message;
            throw new RpcException(new Rpc.Status(StatusCode.Unavailable, "the stream ended without an answer"));
        },
        cancellationToken);

    /// <summary>Every message of a stream that differs from the one before, until the person gives up. Once it has answered, it is called again whenever it breaks off.</summary>
    /// <exception cref="FaultException">The first call failed, or a later one in a way that repeating cannot help.</exception>
    public async Task FollowAsync<T>(Func<CancellationToken, IAsyncEnumerable<T>> open, Action<T> show, CancellationToken cancellationToken)
        where T : class, IEquatable<T>
    {
        T? last = null;
        Backoff backoff = new(terminal.Time);
        while (!cancellationToken.IsCancellationRequested)
        {
            Fault fault = await RunAsync(
                open,
                message =>
                {
                    backoff.Reset();
                    if (!message.Equals(last)) show(message);
                    last = message;
                },
                isFirst: last is null,
                cancellationToken);
            if (cancellationToken.IsCancellationRequested) return;
            if (last is null || fault.ExitCode is not (ExitCodes.Unavailable or ExitCodes.PermissionDenied)) throw new FaultException(fault);
            (fault with { Remedy = $"trying again in {Moment.Words(backoff.Next)}" }).Print(terminal.Error);
            await backoff.WaitAsync(cancellationToken);
        }
    }

    // Runs one call to its end, which a stream that is followed never reaches in peace.
    private async Task<Fault> RunAsync<T>(Func<CancellationToken, IAsyncEnumerable<T>> open, Action<T> show, bool isFirst, CancellationToken cancellationToken)
    {
        using CancellationTokenSource clock = isFirst ? new(timeout, terminal.Time) : new();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            await foreach (T message in open(either.Token))
            {
                clock.CancelAfter(Timeout.InfiniteTimeSpan);
                show(message);
            }

            return new Fault(ExitCodes.Unavailable, $"{Address.Option.Purpose}: the stream ended", Address.Text, "");
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            return Explain(e, clock.IsCancellationRequested);
        }
    }

    private Fault Explain(Exception error, bool isLate) => (error, isLate) switch
    {
        (_, true) => CallFaults.TimedOut(timeout, Address),
        (RpcException told, _) => CallFaults.Of(told.Status, Address),
        _ => CallFaults.Of(Rpc.Status.DefaultCancelled, Address),
    };
}
