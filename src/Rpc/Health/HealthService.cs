using System.Collections.Immutable;
using static Spiffe.Agent.Rpc.Health.HealthCheckResponse.Types;

namespace Spiffe.Agent.Rpc.Health;

/// <summary>grpc.health.v1: what is served, now and as it changes. The empty name stands for the server as a whole and begins as NOT_SERVING.</summary>
public sealed class HealthService
{
    /// <summary>Services that <c>List</c> tells of at most. Default 100: what gRPC's own servers allow.</summary>
    public const int MaxListed = 100;

    private readonly Lock _writing = new();
    private volatile Snapshot _snapshot = new(ImmutableDictionary<string, ServingStatus>.Empty.WithComparers(StringComparer.Ordinal).Add("", ServingStatus.NotServing));

    public HealthService() =>
        Service = RpcService.Create("grpc.health.v1.Health", HealthReflection.Descriptor)
            .Unary("Check", HealthCheckRequest.Parser, Check)
            .Unary("List", HealthListRequest.Parser, List)
            .ServerStreaming<HealthCheckRequest, HealthCheckResponse>("Watch", HealthCheckRequest.Parser, WatchAsync);

    /// <summary>To be listened to.</summary>
    public RpcService Service { get; }

    /// <summary>Says how a service is; those who watch it hear of it.</summary>
    /// <param name="service">Full name, or empty for the server as a whole.</param>
    /// <param name="status">Anything but SERVICE_UNKNOWN.</param>
    public void Set(string service, ServingStatus status) => Swap(all => all.SetItem(service, status));

    /// <summary>Says NOT_SERVING for every service, as a server does that is about to stop.</summary>
    public void SetAllNotServing() => Swap(all => all.SetItems(all.Keys.Select(name => KeyValuePair.Create(name, ServingStatus.NotServing))));

    private Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        _snapshot.All.TryGetValue(request.Service, out ServingStatus status)
            ? Task.FromResult(new HealthCheckResponse { Status = status })
            : throw new RpcException(new Status(StatusCode.NotFound, "no such service"));

    private Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        ImmutableDictionary<string, ServingStatus> all = _snapshot.All;
        if (all.Count > MaxListed) throw new RpcException(new Status(StatusCode.ResourceExhausted, $"more than {MaxListed} services"));
        HealthListResponse response = new();
        foreach ((string name, ServingStatus status) in all) response.Statuses.Add(name, new HealthCheckResponse { Status = status });
        return Task.FromResult(response);
    }

    private async Task WatchAsync(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ServingStatus? told = null;
        while (!context.CancellationToken.IsCancellationRequested)
        {
            Snapshot snapshot = _snapshot;
            ServingStatus status = snapshot.All.GetValueOrDefault(request.Service, ServingStatus.ServiceUnknown);
            if (status != told) await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
            told = status;
            await snapshot.Replaced.WaitAsync(context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Swap(Func<ImmutableDictionary<string, ServingStatus>, ImmutableDictionary<string, ServingStatus>> change)
    {
        Snapshot old;
        lock (_writing)
        {
            old = _snapshot;
            _snapshot = new Snapshot(change(old.All));
        }

        old.Replace();
    }

    private sealed class Snapshot(ImmutableDictionary<string, ServingStatus> all)
    {
        private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ImmutableDictionary<string, ServingStatus> All => all;

        public Task Replaced => _replaced.Task;

        public void Replace() => _replaced.SetResult();
    }
}
