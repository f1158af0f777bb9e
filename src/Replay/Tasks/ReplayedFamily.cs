namespace Spiffe.Agent.Replay.Tasks;

/// <summary>A root and all below it: what happens to one and follows for others is one step, whose entries follow one another within the family.</summary>
internal sealed class ReplayedFamily(TaskKey root)
{
    public TaskKey Root => root;

    /// <summary>Tasks that must end or pause with the entries that come next, because the one above them did; null: none.</summary>
    public HashSet<ReplayedTask>? Owed { get; set; }

    /// <summary>Whether those must end; otherwise they must pause.</summary>
    public bool MustEnd { get; set; }

    /// <summary>Since which entry, and since when, they must.</summary>
    public (long Seq, DateTimeOffset At) OwedSince { get; set; }

    /// <summary>Tasks whose grant became smaller, and whose children have not been held against it yet.</summary>
    public List<ReplayedTask>? Unsettled { get; set; }

    /// <summary>Whether uses may have been counted that the log does not show: a permission was taken back, or the question of one was erased. What is counted here is the least from then on.</summary>
    public bool IsLeastCount { get; set; }
}
