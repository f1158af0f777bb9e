namespace Spiffe.Agent.Rpc;

/// <summary>Messages of a stream, read one behind the other.</summary>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last successful <see cref="MoveNext"/> read.</summary>
    T Current { get; }

    /// <summary>Reads the next message; false at the end of the stream.</summary>
    /// <exception cref="RpcException">A malformed or oversized message; on the client every status other than OK.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}
