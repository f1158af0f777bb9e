using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Tasks.Inventory;

/// <summary>Orders tasks so that each stands beneath the one that it came from. Every task appears once, whatever an agent says of parents.</summary>
internal static class TaskTree
{
    /// <summary>Levels that are drawn. Ours: deeper than any template allows.</summary>
    private const int MaxDepth = 32;

    /// <summary>The tasks in the order of the rows, each with what stands before its id.</summary>
    public static IReadOnlyList<(string Branch, TaskSummary Task)> Of(IReadOnlyList<TaskSummary> tasks)
    {
        HashSet<string> known = [.. tasks.Select(t => t.TaskId)];
        ILookup<string, TaskSummary> children = tasks.Where(t => HasParent(t, known)).ToLookup(t => t.ParentTaskId, StringComparer.Ordinal);
        List<(string, TaskSummary)> rows = [];
        HashSet<string> drawn = new(StringComparer.Ordinal);
        foreach (TaskSummary root in tasks.Where(t => !HasParent(t, known))) Draw(root, "", "", children, drawn, rows, 0);
        foreach (TaskSummary rest in tasks) Draw(rest, "", "", children, drawn, rows, 0);
        return rows;
    }

    private static bool HasParent(TaskSummary task, HashSet<string> known) => task.ParentTaskId.Length > 0 && known.Contains(task.ParentTaskId);

    private static void Draw(
        TaskSummary task, string branch, string indent, ILookup<string, TaskSummary> children, HashSet<string> drawn, List<(string, TaskSummary)> rows, int depth)
    {
        if (depth > MaxDepth || !drawn.Add(task.TaskId)) return;
        rows.Add((branch, task));
        TaskSummary[] below = [.. children[task.TaskId]];
        for (int i = 0; i < below.Length; i++)
        {
            bool isLast = i == below.Length - 1;
            Draw(below[i], indent + (isLast ? "└ " : "├ "), indent + (isLast ? "  " : "│ "), children, drawn, rows, depth + 1);
        }
    }
}
