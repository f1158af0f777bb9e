using Google.Protobuf;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;

namespace Spiffe.Agent.Cli.Tasks.Connection;

/// <summary>spiffeagent.admin.v1.TaskAdmin as operators see it.</summary>
internal sealed class TaskAdminClient(EndpointAddress address) : IDisposable
{
    /// <summary>Longest answer that is taken, in bytes. Ours: a change of every task that an agent may hold comes back whole.</summary>
    private const int MaxAnswerBytes = 64 * 1024 * 1024;

    private const string Service = "spiffeagent.admin.v1.TaskAdmin";

    private readonly RpcChannel _channel = new(address.EndPoint, new RpcChannelOptions { MaxReceiveMessageBytes = MaxAnswerBytes });

    /// <summary>All of them, once the agent has told the last one.</summary>
    public Task<IReadOnlyList<TaskSummary>> ListAsync(ListTasksRequest request, CancellationToken cancellationToken) => AllAsync("ListTasks", request, TaskSummary.Parser, cancellationToken);

    public Task<TaskDetail> GetAsync(GetTaskRequest request, CancellationToken cancellationToken) => UnaryAsync("GetTask", request, TaskDetail.Parser, cancellationToken);

    /// <summary>What happened to a task up to now.</summary>
    public Task<IReadOnlyList<TaskEvent>> ExplainAsync(GetTaskRequest request, CancellationToken cancellationToken) => AllAsync("ExplainTask", request, TaskEvent.Parser, cancellationToken);

    public Task<TaskSummary> ApproveAsync(ApprovalRequest request, CancellationToken cancellationToken) => UnaryAsync("ApproveTask", request, TaskSummary.Parser, cancellationToken);

    public Task<TaskSummary> DenyAsync(ApprovalRequest request, CancellationToken cancellationToken) => UnaryAsync("DenyTask", request, TaskSummary.Parser, cancellationToken);

    /// <summary><c>SuspendTasks</c>, <c>ResumeTasks</c>, <c>RevokeTasks</c> or <c>EndTasksWhere</c>.</summary>
    public Task<TasksChanged> ChangeAsync(string method, TaskSelection selection, CancellationToken cancellationToken) => UnaryAsync(method, selection, TasksChanged.Parser, cancellationToken);

    public Task<TasksChanged> ContainAsync(ContainRequest request, CancellationToken cancellationToken) => UnaryAsync("ContainTasks", request, TasksChanged.Parser, cancellationToken);

    public Task<ListStandingAccessResponse> StandingAsync(CancellationToken cancellationToken) =>
        UnaryAsync("ListStandingAccess", new ListStandingAccessRequest(), ListStandingAccessResponse.Parser, cancellationToken);

    public void Dispose() => _channel.Dispose();

    private Task<TResponse> UnaryAsync<TRequest, TResponse>(string name, TRequest request, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        _channel.UnaryAsync(new Method<TRequest, TResponse>(MethodType.Unary, Service, name, parser), request, new CallOptions(CancellationToken: cancellationToken));

    private async Task<IReadOnlyList<TResponse>> AllAsync<TRequest, TResponse>(string name, TRequest request, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        Method<TRequest, TResponse> method = new(MethodType.ServerStreaming, Service, name, parser);
        using ClientCall<TRequest, TResponse> call = _channel.Call(method, request, new CallOptions(CancellationToken: cancellationToken));
        List<TResponse> all = [];
        while (await call.ResponseStream.MoveNext(cancellationToken)) all.Add(call.ResponseStream.Current);
        return all;
    }
}
