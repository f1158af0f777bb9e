using System.Text.Json;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks.Run;

/// <summary>What <c>task run</c> says on standard error; standard output is the program's.</summary>
/// <param name="terminal">Standard error.</param>
/// <param name="isQuiet">Says nothing: faults are not said here.</param>
/// <param name="isJson">One document a line.</param>
internal sealed class RunRemarks(Terminal terminal, bool isQuiet, bool isJson)
{
    public void Started(TaskHandle task)
    {
        Say("started", json => TaskJson.Write(json, task), () =>
        {
            string until = TaskWords.EndsAt(null, task.Deadline) is { } end ? $", {Moment.Words(end - terminal.Time.GetUtcNow())} at most" : "";
            Line($"task {task.TaskId} of template {task.Template}{until}");
            foreach (DroppedGrant dropped in task.Dropped) Line($"not granted: {GrantText.Of(dropped.Detail)}: {dropped.Reason}");
        });
    }

    public void Waits(TaskHandle task) => Say("waits", json => TaskJson.Write(json, task), () =>
    {
        Line($"task {task.TaskId} waits for approval: {task.Approval?.Question}");
        string until = task.Approval?.ExpiresAt is { } at ? $" within {Moment.Words(at.ToDateTimeOffset() - terminal.Time.GetUtcNow())}" : "";
        Line($"another operator approves it{until} with: spiffe-agent task approve {(task.Approval is { Id.Length: > 0 } approval ? approval.Id : task.TaskId)}");
    });

    public void Ended(OffboardingReceipt receipt, ChildEnd end) => Say("ended", json => TaskJson.Write(json, receipt), () =>
        Line($"task {receipt.TaskId} {TaskWords.Plain(receipt.State)}: the program {end}; {Moment.Count(receipt.RevokedCredentials.Count, "credential")} revoked"));

    /// <summary>The program is over, and the agent did not take our word for it: it saw that the process is gone, or will.</summary>
    public void Unheard(string taskId, Fault fault, ChildEnd end)
    {
        if (isQuiet) return;
        bool hasAnswered = fault.ExitCode is ExitCodes.PermissionDenied or ExitCodes.BadInput;
        Line(hasAnswered
            ? $"task {taskId}: the program {end}; the agent had seen that already: {fault.Value}"
            : $"task {taskId}: the program {end}, but the agent did not hear of it ({fault.What}{(fault.Value.Length > 0 ? $": {fault.Value}" : "")}): it ends the task when it sees that the process is gone");
    }

    private void Say(string remark, Action<Utf8JsonWriter> write, System.Action say)
    {
        if (isQuiet) return;
        if (!isJson)
        {
            say();
            return;
        }

        terminal.Error.Write(JsonText.Object(onOneLine: true, json =>
        {
            json.WriteString("remark", remark);
            write(json);
        }));
        terminal.Error.Flush();
    }

    private void Line(string text) => terminal.Error.WriteLine("spiffe-agent: " + SafeText.Of(text));
}
