using System.Collections.Immutable;

namespace Spiffe.Agent.Replay.Findings;

/// <summary>Findings: all are counted, the first ones kept. Of violations and of remarks as many each, so that neither hides the other.</summary>
internal sealed class FindingList(int most)
{
    private readonly List<ReplayFinding> _violations = [];
    private readonly List<ReplayFinding> _remarks = [];

    public long Violations { get; private set; }

    public long Remarks { get; private set; }

    public void Add(ReplayFinding finding)
    {
        if (finding.IsViolation) Violations++;
        else Remarks++;
        List<ReplayFinding> kept = finding.IsViolation ? _violations : _remarks;
        if (kept.Count < most) kept.Add(finding);
    }

    /// <summary>In the order of the log.</summary>
    public ImmutableArray<ReplayFinding> Sorted(bool violations) => [.. (violations ? _violations : _remarks).OrderBy(finding => finding.Seq)];
}
