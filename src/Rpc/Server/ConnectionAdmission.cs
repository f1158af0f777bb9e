using Microsoft.AspNetCore.Connections;
using Spiffe.Agent.Rpc.Transport;

namespace Spiffe.Agent.Rpc.Server;

/// <summary>Counts connections, in all and per user id, and lets none in above the limits.</summary>
internal sealed class ConnectionAdmission(RpcServerOptions options, ServerLifetime lifetime)
{
    private readonly Lock _counts = new();
    private readonly Dictionary<uint, int> _perUser = []; // guarded by _counts; a user without connections has no entry
    private readonly RequestBudget _budget = new(options.MaxPartialRequestBytes, null);
    private int _open; // guarded by _counts

    /// <summary>Serves a connection until it closes, or closes it at once.</summary>
    public async Task ServeAsync(ConnectionContext connection, ServiceTable services, ConnectionDelegate next)
    {
        UnixPeer? peer = connection.Features.Get<UnixPeer>();
        if (!TryEnter(connection.ConnectionId, peer))
        {
            connection.Abort(new ConnectionAbortedException("too many connections"));
            return;
        }

        try
        {
            if (!await PrefaceGuard.PassesAsync(connection.Transport.Input, options.HeadersTimeout, lifetime.Time))
            {
                connection.Abort(new ConnectionAbortedException("no HTTP/2 preface"));
                return;
            }

            RequestBudget budget = new(options.MaxPartialRequestBytesPerConnection, _budget);
            connection.Features.Set(new RpcConnection(connection, services, budget));
            await next(connection);
        }
        finally
        {
            Leave(peer);
        }
    }

    private bool TryEnter(string id, UnixPeer? peer)
    {
        int ofUser = 0;
        bool full;
        lock (_counts)
        {
            full = _open >= options.MaxConnections;
            if (peer is not null) ofUser = _perUser.GetValueOrDefault(peer.UserId);
            bool admitted = !full && ofUser < options.MaxConnectionsPerUser;
            if (admitted)
            {
                _open++;
                if (peer is not null) _perUser[peer.UserId] = ofUser + 1;
                return true;
            }
        }

        if (full) lifetime.ConnectionRefused(id, options.MaxConnections);
        else lifetime.UserRefused(id, peer!.UserId, options.MaxConnectionsPerUser);
        return false;
    }

    private void Leave(UnixPeer? peer)
    {
        lock (_counts)
        {
            _open--;
            if (peer is null) return;
            if (--_perUser[peer.UserId] == 0) _perUser.Remove(peer.UserId);
        }
    }
}
