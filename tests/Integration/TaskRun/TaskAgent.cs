using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Tests.Integration.TaskRun;

/// <summary>TaskIdentity on a real socket with answers that a test makes up. Attests nobody; remembers what it was asked.</summary>
internal sealed class TaskAgent : IAsyncDisposable
{
    public const string TaskId = "abcdefghijklmnopqrstuvwxya";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("task-run-");
    private RpcServer? _server;

    /// <summary>Answers StartTask.</summary>
    public Func<StartTaskRequest, ServerCallContext, Task<TaskHandle>> OnStart { get; set; } = (_, _) => Task.FromResult(Active());

    /// <summary>Answers SpawnSubtask; whoever calls does no task unless a test says so.</summary>
    public Func<SpawnSubtaskRequest, Task<TaskHandle>> OnSpawn { get; set; } = _ => throw new RpcException(new Status(StatusCode.NotFound, "no such task of this process"));

    /// <summary>Feeds WatchTask; ends the stream when it returns.</summary>
    public Func<IServerStreamWriter<TaskEvent>, ServerCallContext, Task> OnWatch { get; set; } = (_, _) => Task.CompletedTask;

    public List<StartTaskRequest> Started { get; } = [];

    public List<SpawnSubtaskRequest> Spawned { get; } = [];

    public List<CompleteTaskRequest> Completed { get; } = [];

    public List<FailTaskRequest> Failed { get; } = [];

    public List<string?> Headers { get; } = [];

    public string Folder => _folder.FullName;

    public string Endpoint => $"unix://{Path.Combine(Folder, "agent.sock")}";

    public static TaskHandle Active() => new() { TaskId = TaskId, Template = "dev", State = TaskState.Active };

    public static async Task<TaskAgent> StartAsync()
    {
        TaskAgent agent = new();
        RpcService service = RpcService.Create("spiffeagent.task.v1.TaskIdentity", TaskReflection.Descriptor)
            .Unary<StartTaskRequest, TaskHandle>("StartTask", StartTaskRequest.Parser, (request, context) => Note(agent.Started, request, () => agent.OnStart(request, context)))
            .Unary<SpawnSubtaskRequest, TaskHandle>("SpawnSubtask", SpawnSubtaskRequest.Parser, (request, _) => Note(agent.Spawned, request, () => agent.OnSpawn(request)))
            .Unary<CompleteTaskRequest, OffboardingReceipt>("CompleteTask", CompleteTaskRequest.Parser, (request, _) => Note(agent.Completed, request, () => Receipt(TaskState.Completed)))
            .Unary<FailTaskRequest, OffboardingReceipt>("FailTask", FailTaskRequest.Parser, (request, _) => Note(agent.Failed, request, () => Receipt(TaskState.Failed)))
            .ServerStreaming<WatchTaskRequest, TaskEvent>("WatchTask", WatchTaskRequest.Parser, (_, stream, context) => agent.OnWatch(stream, context));
        SocketTransportFactory transport = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        agent._server = new RpcServer(new RpcServerOptions { DrainTimeout = TimeSpan.FromSeconds(1) }, transport, NullLoggerFactory.Instance, TimeProvider.System);
        agent._server.Listen(new RpcEndpoint { Address = new UnixDomainSocketEndPoint(Path.Combine(agent.Folder, "agent.sock")), Services = [service], Gate = agent.Remember });
        await agent._server.StartAsync();
        return agent;
    }

    public async Task StopAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private static Task<OffboardingReceipt> Receipt(TaskState state) => Task.FromResult(new OffboardingReceipt { TaskId = TaskId, State = state, RevokedCredentials = { "0a" } });

    private static TResult Note<TRequest, TResult>(List<TRequest> requests, TRequest request, Func<TResult> answer)
    {
        lock (requests) requests.Add(request);
        return answer();
    }

    private Status? Remember(ServerCallContext context)
    {
        lock (Headers) Headers.Add(context.RequestHeaders.GetValue("workload.spiffe.io"));
        return null;
    }
}
