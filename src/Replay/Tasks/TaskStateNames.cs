using System.Text;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Replay.Tasks;

/// <summary>States by the names that the log has for them.</summary>
internal static class TaskStateNames
{
    private static readonly byte[][] Names = [.. TaskStates.All.Select(state => Encoding.UTF8.GetBytes(state.NameOf()))];

    public static ReadOnlySpan<byte> Utf8(TaskState state) => Names[(int)state];

    public static TaskState? Find(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (name.SequenceEqual(Names[i])) return (TaskState)i;
        }

        return null;
    }
}
