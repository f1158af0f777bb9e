using System.Globalization;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Tasks.Inventory;

/// <summary>Tasks for people: one line each, then what waits for somebody.</summary>
internal static class ListText
{
    /// <summary>Characters of a goal that are shown; <c>task show</c> has all of it.</summary>
    private const int MaxGoal = 40;

    public static string Write(IReadOnlyList<TaskSummary> tasks, DateTimeOffset now, bool isStyled)
    {
        TextPage page = new(isStyled);
        if (tasks.Count == 0) return page.Raw("no such tasks").ToString();
        int length = TaskWords.ShortLength(tasks.Select(t => t.TaskId));
        page.Table([
            ["TASK", "TEMPLATE", "STATE", "OWNER", "GOAL", "TICKET", "BOUND TO", "USES", "LEFT"],
            .. TaskTree.Of(tasks).Select(row => Row(row.Branch, row.Task, length, now)),
        ]);
        page.Raw().Raw(Count(tasks));
        foreach (TaskSummary waiting in tasks.Where(t => t.Approval is not null))
            page.Raw($"{TaskWords.Short(waiting.TaskId, length)} waits for approval: {waiting.Approval.Question}: spiffe-agent task approve {waiting.Approval.Id}");
        return page.ToString();
    }

    private static string[] Row(string branch, TaskSummary task, int length, DateTimeOffset now) =>
    [
        branch + TaskWords.Short(task.TaskId, length),
        task.Template,
        TaskWords.Plain(task),
        task.Owner,
        Shortened(task.Goal),
        task.Ticket,
        task.BoundTo,
        Uses(task),
        TaskWords.Left(task, now),
    ];

    private static string Uses(TaskSummary task) => task.Refusals == 0
        ? task.Uses.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{task.Uses}, {task.Refusals} refused");

    private static string Count(IReadOnlyList<TaskSummary> tasks)
    {
        string[] states = [.. tasks.GroupBy(t => t.State).OrderBy(g => g.Key).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {TaskWords.Plain(g.Key)}"))];
        return $"{Moment.Count(tasks.Count, "task")}: {string.Join(", ", states)}";
    }

    private static string Shortened(string goal)
    {
        if (goal.Length <= MaxGoal) return goal;
        int end = char.IsHighSurrogate(goal[MaxGoal - 2]) ? MaxGoal - 2 : MaxGoal - 1;
        return goal[..end] + "…";
    }
}
