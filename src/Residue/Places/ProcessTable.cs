using System.Globalization;
using Spiffe.Agent.Residue.Native;

namespace Spiffe.Agent.Residue.Places;

/// <summary>Who lives now, under whom, as whom and in which cgroups. For finding places, not for evidence.</summary>
internal sealed class ProcessTable
{
    private readonly Dictionary<int, Entry> _processes = [];

    /// <summary>As of now. Whoever cannot be read is left out: gone, or not visible to this daemon at all.</summary>
    public static ProcessTable Read()
    {
        ProcessTable table = new();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)) continue;
            try
            {
                string stat = File.ReadAllText($"{directory}/stat");
                int from = stat.IndexOf('(', StringComparison.Ordinal);
                int to = stat.LastIndexOf(')');
                string[] rest = stat[(to + 2)..].Split(' ');
                using Node? node = Node.TryOpen(directory, out _);
                string command = PathText.Of(System.Text.Encoding.UTF8.GetBytes(stat[(from + 1)..to]));
                table._processes[pid] = new Entry(int.Parse(rest[1], CultureInfo.InvariantCulture), node?.UserId, command, [.. File.ReadLines($"{directory}/cgroup").Select(PathOf)]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                continue;
            }
        }

        return table;
    }

    public string CommandOf(int pid) => _processes.TryGetValue(pid, out Entry? entry) ? entry.Command : "";

    /// <summary>The processes that are meant, in order of their numbers.</summary>
    public IEnumerable<int> Select(ResidueSubject subject, Survivors which)
    {
        ILookup<int, int> children = _processes.ToLookup(process => process.Value.Parent, process => process.Key);
        SortedSet<int> chosen = [];
        Queue<int> open = new(subject.Processes.Where(_processes.ContainsKey));
        while (open.TryDequeue(out int pid))
        {
            if (!chosen.Add(pid)) continue;
            foreach (int child in children[pid]) open.Enqueue(child);
        }

        foreach ((int pid, Entry process) in _processes)
        {
            bool isInCgroup = subject.Cgroup.Length > 1 && process.Cgroups.Any(path => path == subject.Cgroup || path.StartsWith(subject.Cgroup + "/", StringComparison.Ordinal));
            if (isInCgroup || (which == Survivors.User && subject.UserId is { } user && process.UserId == user)) chosen.Add(pid);
        }

        return chosen;
    }

    /// <summary><c>hierarchy:controllers:path</c>, of cgroups(7).</summary>
    private static string PathOf(string line) => line.Split(':', 3) is [_, _, var path] ? path : "";

    private sealed record Entry(int Parent, uint? UserId, string Command, string[] Cgroups);
}
