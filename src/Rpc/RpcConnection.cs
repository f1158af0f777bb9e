using System.Net;
using Microsoft.AspNetCore.Connections;
using Spiffe.Agent.Rpc.Server;
using Spiffe.Agent.Rpc.Transport;

namespace Spiffe.Agent.Rpc;

/// <summary>One accepted connection: what all of its calls have in common.</summary>
public sealed class RpcConnection
{
    private readonly ConnectionContext _transport;
    private object? _state;

    internal RpcConnection(ConnectionContext transport, ServiceTable services, RequestBudget budget)
    {
        _transport = transport;
        Services = services;
        Budget = budget;
        Peer = transport.Features.Get<UnixPeer>();
        Closed = transport.ConnectionClosed;
    }

    /// <summary>Name of the connection in logs; unique in this process.</summary>
    public string Id => _transport.ConnectionId;

    /// <summary>The process at the other end; null where the transport does not know it.</summary>
    public UnixPeer? Peer { get; }

    /// <summary>Where the connection came in.</summary>
    public EndPoint? LocalEndPoint => _transport.LocalEndPoint;

    /// <summary>Cancelled once the connection is closed by either side. Its calls are cancelled too.</summary>
    public CancellationToken Closed { get; }

    /// <summary>What <see cref="GetOrAddState{T}"/> put here; null before.</summary>
    public object? State => Volatile.Read(ref _state);

    internal ServiceTable Services { get; }

    internal RequestBudget Budget { get; }

    /// <summary>The state of this connection, created by the first caller. All callers get the same object; a loser's product of a race is dropped.</summary>
    /// <exception cref="InvalidCastException">The slot holds another type.</exception>
    public T GetOrAddState<T>(Func<RpcConnection, T> create)
        where T : class
    {
        if (Volatile.Read(ref _state) is { } present) return (T)present;
        T fresh = create(this);
        return (T?)Interlocked.CompareExchange(ref _state, fresh, null) ?? fresh;
    }

    /// <summary>Ends the connection and all of its calls at once, without goodbye.</summary>
    /// <param name="reason">For the log.</param>
    public void Abort(string reason) => _transport.Abort(new ConnectionAbortedException(reason));
}
