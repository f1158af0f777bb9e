using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Tasks.Connection;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Cli.Tasks.Run;

/// <summary>Begins the task of a held child: a subtask where the caller has a task itself, else one of its own; and waits where people must agree first.</summary>
internal sealed class TaskStart(Endpoint endpoint, TaskClient client, StartTaskRequest request, Backoff backoff)
{
    /// <summary>EX_TEMPFAIL: it may succeed when somebody agrees.</summary>
    public const int NotApprovedYet = 75;

    private bool _isRoot;

    /// <summary>Asks for the task.</summary>
    /// <exception cref="FaultException">It was refused, or nobody answered.</exception>
    public Task<TaskHandle> AskAsync(CancellationToken cancellationToken) => endpoint.AskAsync(BeginAsync, Remedy, cancellationToken);

    /// <summary>Waits until people have agreed.</summary>
    /// <returns>The task, which waits no more.</returns>
    /// <exception cref="FaultException">The agent could not be asked again.</exception>
    public async Task<TaskHandle> ApprovedAsync(TaskHandle task, CancellationToken cancellationToken)
    {
        while (task.State == TaskState.PendingApproval)
        {
            await NextEventAsync(task.TaskId, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            task = await AskAsync(cancellationToken);
        }

        return task;
    }

    /// <summary>Why a task that was not begun was not.</summary>
    public static Fault Refusal(TaskHandle task) => new(
        ExitCodes.PermissionDenied,
        "task run: the task did not begin",
        TaskWords.Of(task.State, task.Cause),
        task.State == TaskState.Denied ? "ask whoever denied it" : "ask again");

    // The same key gives the same task, so that asking again is asking how it stands.
    private async Task<TaskHandle> BeginAsync(CancellationToken cancellationToken)
    {
        if (_isRoot) return await client.StartAsync(request, cancellationToken);
        try
        {
            return await client.SpawnAsync(new SpawnSubtaskRequest { Task = request }, cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            _isRoot = true; // We do no task: this one has no parent.
            return await client.StartAsync(request, cancellationToken);
        }
    }

    /// <summary>Returns when something has happened to the task, or when it is time to ask anyway.</summary>
    private async Task NextEventAsync(string taskId, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (TaskEvent happened in client.WatchAsync(new WatchTaskRequest { TaskId = taskId }, cancellationToken))
            {
                backoff.Reset();
                if (happened.State != TaskState.PendingApproval) return;
            }
        }
        catch (RpcException)
        {
            // Whatever it was, asking again tells.
        }

        await backoff.WaitAsync(cancellationToken);
    }

    private static string? Remedy(StatusCode code) => code switch
    {
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => "no template lets this process start it, or policy does not: as an operator see the agent's log and 'templates:' in its configuration",
        StatusCode.FailedPrecondition => "see the agent's log",
        StatusCode.ResourceExhausted => "as many tasks live as may: wait until some end, see 'spiffe-agent task list'",
        StatusCode.Unimplemented => "is that agent new enough, and does its configuration have templates?",
        _ => null,
    };
}
