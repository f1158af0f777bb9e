using System.Globalization;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>Finds the child that a parent in a pid namespace of its own means: it says the number that it knows itself.</summary>
internal static class ChildNumbers
{
    /// <summary>Children looked at. Ours: who has more of them in a container names one in vain.</summary>
    private const int MaxChildren = 512;

    /// <summary>The same process's number here, to be proved as any other; null when there is none. The number itself where both number alike.</summary>
    internal static int? Translate(PeerProcess parent, int number)
    {
        int depth = PidFdNumbers.Of(parent.PidFd!).Length;
        if (depth <= 1) return number;
        foreach (int candidate in ChildrenOf(parent.ProcessId).Take(MaxChildren))
        {
            if (!PeerProcess.TryOpen(candidate, out PeerProcess? child, out _)) continue;
            using (child)
            {
                if (Knows(child, depth, number)) return candidate;
            }
        }

        return null;
    }

    /// <summary>Whether <paramref name="parent"/> calls the process that. To be asked of the one that is held: numbers change hands.</summary>
    internal static bool IsCalled(PeerProcess parent, PeerProcess child, int number)
    {
        int depth = PidFdNumbers.Of(parent.PidFd!).Length;
        return depth <= 1 ? child.ProcessId == number : Knows(child, depth, number);
    }

    private static bool Knows(PeerProcess child, int depth, int number) =>
        child.PidFd is { } pidFd && PidFdNumbers.Of(pidFd) is { } numbers && numbers.Length >= depth && numbers[depth - 1] == number;

    /// <summary>Of every thread: proc_tid_children(5). Only where to look, no evidence.</summary>
    private static IEnumerable<int> ChildrenOf(int parent)
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{parent}/task");
        foreach (string thread in Try(() => Directory.GetDirectories(folder)))
        {
            foreach (string text in Try(() => File.ReadAllText(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            {
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int child)) yield return child;
            }
        }
    }

    private static string[] Try(Func<string[]> read)
    {
        try
        {
            return read();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
