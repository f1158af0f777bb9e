using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Spiffe.Agent.Rpc.Server;

/// <summary>Stands where ASP.NET's hosting pipeline would: Kestrel calls it for each request.</summary>
internal sealed class RpcApplication(RpcServerOptions options, ServerLifetime lifetime) : IHttpApplication<ServerCallContext>
{
    public ServerCallContext CreateContext(IFeatureCollection contextFeatures) => new(contextFeatures, options, lifetime);

    public Task ProcessRequestAsync(ServerCallContext context) => context.RunAsync();

    public void DisposeContext(ServerCallContext context, Exception? exception)
    {
        // Nothing outlives RunAsync.
    }
}
