using System.CommandLine;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tasks.Changes;
using Spiffe.Agent.Cli.Tasks.Inventory;
using Spiffe.Agent.Cli.Tasks.Own;
using Spiffe.Agent.Cli.Tasks.Run;

namespace Spiffe.Agent.Cli.Tasks;

/// <summary><c>task</c>: identities that live as long as one task.</summary>
internal static class TaskCommand
{
    public static Command Create(Terminal terminal) => new("task", "Identities that live as long as one task: run a program as one, see and end those that live.")
    {
        TaskRun.Create(terminal),
        TaskList.Create(terminal),
        TaskShow.Create(terminal),
        TaskApproval.Create("approve", "Grant what an approval asks for. Whoever asked for it cannot.", (client, request, token) => client.ApproveAsync(request, token), terminal),
        TaskApproval.Create("deny", "Refuse what an approval asks for.", (client, request, token) => client.DenyAsync(request, token), terminal),
        TaskChange.Create("suspend", "SuspendTasks", "Suspend tasks: their credentials are revoked until they are resumed.", needsReason: true, terminal),
        TaskChange.Create("resume", "ResumeTasks", "Resume suspended tasks: attested and decided anew, never wider than before.", needsReason: false, terminal),
        TaskChange.Create("revoke", "RevokeTasks", "End tasks for good and revoke their credentials.", needsReason: true, terminal),
        TaskContain.Create(terminal),
        TaskChange.Create("end", "EndTasksWhere", "End tasks as completed: their ticket is closed, their stage is done.", needsReason: false, terminal),
        TaskStanding.Create(terminal),
        TaskAuthorize.Create(terminal),
        TaskComplete.Create(terminal),
        TaskFail.Create(terminal),
        TaskRenew.Create(terminal),
        TaskWatch.Create(terminal),
    };
}
