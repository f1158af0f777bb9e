using System.Collections.Immutable;
using Spiffe.Agent.Audit.Verification.Files;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>Collects findings up to a bound, each once; those beyond it are only counted.</summary>
internal sealed class FindingList
{
    /// <summary>Most faults that are kept, and most remarks. Ours: who has found a hundred will not read more.</summary>
    public const int MaxKept = 100;

    private readonly List<Finding> _faults = [];
    private readonly List<Finding> _remarks = [];

    /// <summary>How many faults there were, kept or not.</summary>
    public long Faults { get; private set; }

    public ImmutableArray<Finding> KeptFaults => [.. _faults];

    public ImmutableArray<Finding> KeptRemarks => [.. _remarks];

    /// <summary>Whether a fault of a file is known already.</summary>
    public bool HasFaultOf(string place) => _faults.Exists(fault => string.Equals(fault.Place, place, StringComparison.Ordinal));

    public void Add(FindingKind kind, string place, long? index, string message) => Add(new Finding(kind, place, index, message));

    public void Add(Finding finding)
    {
        List<Finding> kept = finding.IsFault ? _faults : _remarks;
        if (kept.Contains(finding)) return;
        if (finding.IsFault) Faults++;
        if (kept.Count < MaxKept) kept.Add(finding);
    }

    /// <summary>Adds what another list holds.</summary>
    public void AddAll(FindingList other)
    {
        foreach (Finding finding in (Finding[])[.. other._faults, .. other._remarks]) Add(finding);
        Faults += other.Faults - other._faults.Count;
    }

    /// <summary>Adds why a file could not be read.</summary>
    /// <param name="outcome">Anything but <see cref="FileOutcome.Done"/>.</param>
    /// <param name="missing">What it means that it is not there.</param>
    /// <param name="place">The file.</param>
    /// <param name="index">Which entry.</param>
    public void Add(FileOutcome outcome, FindingKind missing, string place, long? index = null)
    {
        (FindingKind kind, string message) = outcome switch
        {
            FileOutcome.Missing => (missing, "is missing"),
            FileOutcome.Unsafe => (FindingKind.UnsafeFile, "is no regular file, or lies behind a link: it was not read"),
            FileOutcome.TooLong => (FindingKind.TooLong, "is longer than it can be"),
            _ => (FindingKind.Unreadable, "cannot be read"),
        };
        Add(kind, place, index, message);
    }
}
