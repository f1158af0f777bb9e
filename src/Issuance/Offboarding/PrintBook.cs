using Spiffe.Agent.Residue;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>Prints of what was issued to tasks, until they are looked for. Bounded for each task and in all: past that the oldest go, or none is taken, and it is counted. Safe from many threads.</summary>
internal sealed class PrintBook
{
    /// <summary>Prints of one task. Ours: a day of tokens that live a minute.</summary>
    public const int MaxPerTask = 4_096;

    /// <summary>Prints of all tasks. Ours: some 100 MiB at the most.</summary>
    public const int MaxInAll = 262_144;

    private readonly Lock _gate = new(); // Guards both below.
    private readonly Dictionary<string, Page> _pages = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Begins to take prints of a task.</summary>
    public void Open(string taskId)
    {
        lock (_gate) _pages.TryAdd(taskId, new Page());
    }

    /// <summary>Keeps the print of something that is about to be issued. Of a task that is over it comes too late: nothing is issued any more.</summary>
    public void Add(string taskId, CredentialPrint print)
    {
        lock (_gate)
        {
            if (!_pages.TryGetValue(taskId, out Page? page)) return;
            if (page.Prints.Count == MaxPerTask || (_count == MaxInAll && page.Prints.Count > 0))
            {
                page.Prints.Dequeue();
                page.Lost++;
                _count--;
            }

            if (_count == MaxInAll)
            {
                page.Lost++;
                return;
            }

            page.Prints.Enqueue(print);
            _count++;
        }
    }

    /// <summary>Something was issued of which no print could be taken.</summary>
    public void Miss(string taskId)
    {
        lock (_gate)
        {
            if (_pages.TryGetValue(taskId, out Page? page)) page.Lost++;
        }
    }

    /// <summary>Takes out what there is of a task, and takes no more of it.</summary>
    public (IReadOnlyList<CredentialPrint> Prints, int Lost) Close(string taskId)
    {
        lock (_gate)
        {
            if (!_pages.Remove(taskId, out Page? page)) return ([], 0);
            _count -= page.Prints.Count;
            return ([.. page.Prints], page.Lost);
        }
    }

    private sealed class Page
    {
        public Queue<CredentialPrint> Prints { get; } = new();

        public int Lost { get; set; }
    }
}
