using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;
using Refusal = Spiffe.Agent.Issuance.Refusal;
using Wire = Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Endpoints.Tasks;

/// <summary>spiffeagent.task.v1.TaskIdentity, for the process that does the work: wire messages in, Issuance's answers out. Decides nothing.</summary>
public sealed partial class TaskIdentityService(Serving serving, TimeProvider time)
{
    /// <summary>Full name of the service.</summary>
    public const string Name = "spiffeagent.task.v1.TaskIdentity";

    public RpcService Describe() => RpcService.Create(Name, TaskReflection.Descriptor)
        .Unary<StartTaskRequest, TaskHandle>("StartTask", StartTaskRequest.Parser, StartTask)
        .Unary<SpawnSubtaskRequest, TaskHandle>("SpawnSubtask", SpawnSubtaskRequest.Parser, SpawnSubtask)
        .ServerStreaming("FetchTaskCredentials", FetchTaskCredentialsRequest.Parser, FetchTaskCredentials)
        .Unary<AuthorizeActionRequest, Wire.ActionDecision>("AuthorizeAction", AuthorizeActionRequest.Parser, AuthorizeAction)
        .Unary<UpdateIntentRequest, TaskHandle>("UpdateIntent", UpdateIntentRequest.Parser, UpdateIntent)
        .Unary<RenewTaskRequest, TaskHandle>("RenewTask", RenewTaskRequest.Parser, RenewTask)
        .Unary<SuspendTaskRequest, TaskHandle>("SuspendTask", SuspendTaskRequest.Parser, SuspendTask)
        .Unary<ResumeTaskRequest, TaskHandle>("ResumeTask", ResumeTaskRequest.Parser, ResumeTask)
        .Unary<CompleteTaskRequest, Wire.OffboardingReceipt>("CompleteTask", CompleteTaskRequest.Parser, CompleteTask)
        .Unary<FailTaskRequest, Wire.OffboardingReceipt>("FailTask", FailTaskRequest.Parser, FailTask)
        .ServerStreaming<WatchTaskRequest, Wire.TaskEvent>("WatchTask", WatchTaskRequest.Parser, WatchTask);

    private TaskService Tasks => (serving.Issuance ?? throw StatusMapping.ToException(Refusal.NotServing)).Tasks;

    private async Task<TaskHandle> StartTask(StartTaskRequest request, ServerCallContext context)
    {
        Issuance.Tasks.Requests.StartTask asked = TaskRequests.Start(request);
        return Handle(await Tasks.StartAsync(ConnectionCaller.Of(context), asked, context.CancellationToken));
    }

    private async Task<TaskHandle> SpawnSubtask(SpawnSubtaskRequest request, ServerCallContext context)
    {
        string parent = Id(request.ParentTaskId, "parent_task_id");
        Issuance.Tasks.Requests.StartTask asked = TaskRequests.Start(request.Task ?? throw TaskLimits.Invalid("task must be specified"));
        return Handle(await Tasks.SpawnAsync(ConnectionCaller.Of(context), parent, asked, context.CancellationToken));
    }

    private async Task<Wire.ActionDecision> AuthorizeAction(AuthorizeActionRequest request, ServerCallContext context)
    {
        Issuance.Tasks.Requests.ActionAsk ask = TaskRequests.Ask(request);
        (Issuance.Tasks.Views.ActionDecision? decision, TaskAnswer refused) = await Tasks.AuthorizeAsync(ConnectionCaller.Of(context), Id(request.TaskId), ask, context.CancellationToken);
        return decision is null ? throw StatusMapping.ToException(refused) : TaskMessages.Decision(decision);
    }

    private async Task<TaskHandle> UpdateIntent(UpdateIntentRequest request, ServerCallContext context) =>
        Handle(await Tasks.UpdateIntentAsync(
            ConnectionCaller.Of(context), Id(request.TaskId), TaskRequests.Intent(request.Intent), TaskRequests.Details(request.AuthorizationDetails), context.CancellationToken));

    private async Task<TaskHandle> RenewTask(RenewTaskRequest request, ServerCallContext context) =>
        Handle(await Tasks.RenewAsync(ConnectionCaller.Of(context), Id(request.TaskId), TaskRequests.Span(request.Lease, "lease"), context.CancellationToken));

    private async Task<TaskHandle> SuspendTask(SuspendTaskRequest request, ServerCallContext context) =>
        Handle(await Tasks.SuspendAsync(ConnectionCaller.Of(context), Id(request.TaskId), request.Reason, context.CancellationToken));

    private async Task<TaskHandle> ResumeTask(ResumeTaskRequest request, ServerCallContext context) =>
        Handle(await Tasks.ResumeAsync(ConnectionCaller.Of(context), Id(request.TaskId), context.CancellationToken));

    private async Task<Wire.OffboardingReceipt> CompleteTask(CompleteTaskRequest request, ServerCallContext context) =>
        Receipt(await Tasks.CompleteAsync(ConnectionCaller.Of(context), Id(request.TaskId), request.Result, context.CancellationToken));

    private async Task<Wire.OffboardingReceipt> FailTask(FailTaskRequest request, ServerCallContext context) =>
        Receipt(await Tasks.FailAsync(ConnectionCaller.Of(context), Id(request.TaskId), request.Reason, context.CancellationToken));

    private static string Id(string id, string field = "task_id") => TaskLimits.Bounded(id, field);

    private static TaskHandle Handle(TaskAnswer answer) => TaskMessages.Handle(Task(answer));

    private static Wire.OffboardingReceipt Receipt(TaskAnswer answer) =>
        TaskMessages.Receipt(Task(answer).Receipt ?? throw StatusMapping.ToException(Refusal.EvidenceUnavailable));

    private static TaskView Task(TaskAnswer answer) =>
        answer is { Refusal: TaskRefusal.None, Task: { } task } ? task : throw StatusMapping.ToException(answer);
}
