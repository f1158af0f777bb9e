using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Rpc;
using Refusal = Spiffe.Agent.Issuance.Refusal;
using Wire = Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Endpoints.Admin;

/// <summary>spiffeagent.admin.v1.TaskAdmin, for operators. Who may ask is decided by the mode and group of the socket; who it was, by the kernel.</summary>
public sealed partial class TaskAdministration(Serving serving, TrustDomain trustDomain, TimeProvider time, ILogger<TaskAdministration> log)
{
    /// <summary>Full name of the service.</summary>
    public const string Name = "spiffeagent.admin.v1.TaskAdmin";

    private readonly ILogger<TaskAdministration> _log = log;

    public RpcService Describe() => RpcService.Create(Name, TasksReflection.Descriptor)
        .ServerStreaming<ListTasksRequest, TaskSummary>("ListTasks", ListTasksRequest.Parser, ListTasks)
        .Unary<GetTaskRequest, TaskDetail>("GetTask", GetTaskRequest.Parser, GetTask)
        .ServerStreaming<GetTaskRequest, Protocols.Tasks.TaskEvent>("ExplainTask", GetTaskRequest.Parser, ExplainTask)
        .Unary<ApprovalRequest, TaskSummary>("ApproveTask", ApprovalRequest.Parser, (request, context) => Answer("approve", request, context, (by, id) => Tasks.ApproveAsync(by, id, context.CancellationToken)))
        .Unary<ApprovalRequest, TaskSummary>("DenyTask", ApprovalRequest.Parser, (request, context) => Answer("deny", request, context, (by, id) => ValueTask.FromResult(Tasks.Deny(by, id, TaskSelections.Reason(request.Reason)))))
        .Unary<Wire.TaskSelection, TasksChanged>("SuspendTasks", Wire.TaskSelection.Parser, (request, context) => Change(request, context, Tasks.Suspend))
        .Unary<Wire.TaskSelection, TasksChanged>("ResumeTasks", Wire.TaskSelection.Parser, ResumeTasks)
        .Unary<Wire.TaskSelection, TasksChanged>("RevokeTasks", Wire.TaskSelection.Parser, (request, context) => Change(request, context, Tasks.Revoke))
        .Unary<ContainRequest, TasksChanged>("ContainTasks", ContainRequest.Parser, ContainTasks)
        .Unary<Wire.TaskSelection, TasksChanged>("EndTasksWhere", Wire.TaskSelection.Parser, (request, context) => Change(request, context, Tasks.EndWhere))
        .Unary<ListStandingAccessRequest, ListStandingAccessResponse>("ListStandingAccess", ListStandingAccessRequest.Parser, ListStandingAccess)
        .ServerStreaming<Wire.TaskSelection, OffboardingEntry>("GetOffboardingReport", Wire.TaskSelection.Parser, GetOffboardingReport);

    private TaskService Tasks => (serving.Issuance ?? throw StatusMapping.ToException(Refusal.NotServing)).Tasks;

    private async Task ListTasks(ListTasksRequest request, IServerStreamWriter<TaskSummary> stream, ServerCallContext context)
    {
        foreach (TaskView task in Tasks.List(TaskSelections.Of(request.Selection), request.IncludeEnded)) await stream.WriteAsync(TaskAdminMessages.Summary(task), context.CancellationToken);
    }

    private Task<TaskDetail> GetTask(GetTaskRequest request, ServerCallContext context) => Task.FromResult(TaskAdminMessages.Detail(Find(request)));

    private async Task ExplainTask(GetTaskRequest request, IServerStreamWriter<Protocols.Tasks.TaskEvent> stream, ServerCallContext context)
    {
        foreach (Issuance.Tasks.Views.TaskEvent happened in Tasks.Explain(Find(request).Id.ToString())) await stream.WriteAsync(Endpoints.Tasks.TaskMessages.Event(happened), context.CancellationToken);
    }

    private async Task<TaskSummary> Answer(string verb, ApprovalRequest request, ServerCallContext context, Func<Operator, string, ValueTask<TaskAnswer>> answer)
    {
        Operator by = OperatorCaller.Of(context);
        string id = TaskSelections.Id(request.Id);
        if (id.Length == 0) throw new RpcException(new Status(StatusCode.InvalidArgument, "id must be specified"));
        TaskAnswer answered = await answer(by, id);
        if (answered is { Refusal: TaskRefusal.None, Task: { } task }) return TaskAdminMessages.Summary(task);
        LogRefused(verb, answered.Refusal, by.UserId, by.ProcessId);
        throw StatusMapping.ToException(answered);
    }

    private static Task<TasksChanged> Change(Wire.TaskSelection request, ServerCallContext context, Func<Operator, Issuance.Tasks.Requests.TaskSelection, ImmutableArray<Issuance.Tasks.Views.TaskOutcome>> change) =>
        Task.FromResult(TaskAdminMessages.Changed(change(OperatorCaller.Of(context), TaskSelections.Some(request))));

    private async Task<TasksChanged> ResumeTasks(Wire.TaskSelection request, ServerCallContext context) =>
        TaskAdminMessages.Changed(await Tasks.ResumeAsync(OperatorCaller.Of(context), TaskSelections.Some(request), context.CancellationToken));

    private Task<TasksChanged> ContainTasks(ContainRequest request, ServerCallContext context)
    {
        bool kill = request.Means switch
        {
            ContainRequest.Types.Means.Kill => true,
            ContainRequest.Types.Means.Freeze => false,
            _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "means must be specified: freeze or kill")),
        };
        return Change(request.Selection, context, (by, selection) => Tasks.Contain(by, selection, kill));
    }

    private Task<ListStandingAccessResponse> ListStandingAccess(ListStandingAccessRequest request, ServerCallContext context)
    {
        ListStandingAccessResponse response = new();
        response.Access.AddRange(Tasks.Standing.Select(template => TaskAdminMessages.Standing(template, trustDomain, time.GetUtcNow())));
        return Task.FromResult(response);
    }

    private async Task GetOffboardingReport(Wire.TaskSelection request, IServerStreamWriter<OffboardingEntry> stream, ServerCallContext context)
    {
        foreach (TaskView task in Tasks.List(TaskSelections.Of(request), withEnded: true))
        {
            if (task.Receipt is not { } receipt) continue;
            await stream.WriteAsync(new OffboardingEntry { Summary = TaskAdminMessages.Summary(task), Receipt = Endpoints.Tasks.TaskMessages.Receipt(receipt) }, context.CancellationToken);
        }
    }

    private TaskView Find(GetTaskRequest request) =>
        Tasks.Get(TaskSelections.Id(request.TaskId)) ?? throw new RpcException(new Status(StatusCode.NotFound, "no task begins so, or several do"));
}
