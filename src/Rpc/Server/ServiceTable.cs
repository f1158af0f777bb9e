using System.Collections.Frozen;

namespace Spiffe.Agent.Rpc.Server;

/// <summary>What one endpoint serves, looked up by the request's path. Immutable.</summary>
internal sealed class ServiceTable
{
    private readonly FrozenDictionary<string, ServerMethod> _methods;

    /// <exception cref="ArgumentException">Two services of the same name.</exception>
    public ServiceTable(RpcEndpoint endpoint)
    {
        Gate = endpoint.Gate;
        Dictionary<string, ServerMethod> methods = new(StringComparer.Ordinal);
        foreach (ServerMethod method in endpoint.Services.SelectMany(s => s.Methods))
        {
            if (!methods.TryAdd(method.Path, method)) throw new ArgumentException($"{method.Path} is served twice at {endpoint.Address}", nameof(endpoint));
        }

        _methods = methods.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public CallGate? Gate { get; }

    /// <summary>The method at exactly this path; nothing is decoded or normalised.</summary>
    public ServerMethod? Find(string path) => _methods.GetValueOrDefault(path);
}
