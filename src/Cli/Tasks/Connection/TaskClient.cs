using System.Runtime.CompilerServices;
using Google.Protobuf;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;

namespace Spiffe.Agent.Cli.Tasks.Connection;

/// <summary>spiffeagent.task.v1.TaskIdentity as the process that does the work sees it. Every call carries the security header (Workload Endpoint §3).</summary>
internal sealed class TaskClient(EndpointAddress address) : IDisposable
{
    private const string Service = "spiffeagent.task.v1.TaskIdentity";

    private readonly RpcChannel _channel = WorkloadChannel.To(address);

    public Task<TaskHandle> StartAsync(StartTaskRequest request, CancellationToken cancellationToken) => UnaryAsync("StartTask", request, TaskHandle.Parser, cancellationToken);

    public Task<TaskHandle> SpawnAsync(SpawnSubtaskRequest request, CancellationToken cancellationToken) => UnaryAsync("SpawnSubtask", request, TaskHandle.Parser, cancellationToken);

    public Task<ActionDecision> AuthorizeAsync(AuthorizeActionRequest request, CancellationToken cancellationToken) => UnaryAsync("AuthorizeAction", request, ActionDecision.Parser, cancellationToken);

    public Task<TaskHandle> RenewAsync(RenewTaskRequest request, CancellationToken cancellationToken) => UnaryAsync("RenewTask", request, TaskHandle.Parser, cancellationToken);

    public Task<OffboardingReceipt> CompleteAsync(CompleteTaskRequest request, CancellationToken cancellationToken) => UnaryAsync("CompleteTask", request, OffboardingReceipt.Parser, cancellationToken);

    public Task<OffboardingReceipt> FailAsync(FailTaskRequest request, CancellationToken cancellationToken) => UnaryAsync("FailTask", request, OffboardingReceipt.Parser, cancellationToken);

    /// <summary>What happens to a task, from a point on.</summary>
    public async IAsyncEnumerable<TaskEvent> WatchAsync(WatchTaskRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Method<WatchTaskRequest, TaskEvent> method = new(MethodType.ServerStreaming, Service, "WatchTask", TaskEvent.Parser);
        using ClientCall<WatchTaskRequest, TaskEvent> call = _channel.Call(method, request, new CallOptions(CancellationToken: cancellationToken));
        while (await call.ResponseStream.MoveNext(cancellationToken)) yield return call.ResponseStream.Current;
    }

    public void Dispose() => _channel.Dispose();

    private Task<TResponse> UnaryAsync<TRequest, TResponse>(string name, TRequest request, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        _channel.UnaryAsync(new Method<TRequest, TResponse>(MethodType.Unary, Service, name, parser), request, new CallOptions(CancellationToken: cancellationToken));
}
