namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>The names of <see cref="TaskAct"/>: of the schema's actions, and in records.</summary>
internal static class TaskActs
{
    private static readonly string[] Names = ["start", "spawn", "use", "renew", "resume", "update"];

    public static string NameOf(TaskAct act) => Names[(int)act];

    /// <summary>Reads a name: exactly as it is written here, nothing else.</summary>
    public static bool TryParse(string? name, out TaskAct act)
    {
        int at = Array.IndexOf(Names, name);
        act = at < 0 ? default : (TaskAct)at;
        return at >= 0;
    }
}
