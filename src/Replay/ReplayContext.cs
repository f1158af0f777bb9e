using Spiffe.Agent.Replay.Decisions;
using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Replay.Policies;
using Spiffe.Agent.Replay.Tasks;

namespace Spiffe.Agent.Replay;

/// <summary>What the entries so far say, and what was found: shared by the rules.</summary>
internal sealed class ReplayContext
{
    public ReplayContext(ReplayOptions options)
    {
        DecideAgain = options.DecideAgain;
        Findings = new FindingList(options.MaxFindings);
        Queue = new DecisionQueue(options.Parallelism, (decision, fault) => Findings.Add(new ReplayFinding(fault.Rule, true, decision.Seq, decision.Task, fault.Message)));
    }

    public bool DecideAgain { get; }

    public FindingList Findings { get; }

    public DecisionQueue Queue { get; }

    public PolicyBook Policies { get; } = new();

    public TemplateBook Templates { get; } = new();

    public TaskBook Tasks { get; } = new();

    public CredentialBook Credentials { get; } = new();

    public GrantCache Grants { get; } = new();

    public RunState Run { get; set; }

    /// <summary>The latest time that an entry has had since a clock was set.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>The latest time that any entry has had: what had expired by then is forgotten, even if the clock was set back since.</summary>
    public DateTimeOffset Latest { get; set; }

    /// <summary>By how much clocks were set so far.</summary>
    public TimeSpan ClockSet { get; set; }

    /// <summary>The last entry that says that others were lost; -1: none.</summary>
    public long GapSeq { get; set; } = -1;

    /// <summary>Whether there may be tasks whose beginning the log does not have.</summary>
    public bool MayBeUnknown { get; set; }

    public long Decisions { get; set; }

    public long Erased { get; set; }

    public long UnknownPolicies { get; set; }

    public long OfEntries { get; set; }

    /// <summary>A rule is broken. Where entries that were lost may explain it, it is a remark.</summary>
    public void Break(ReplayRule rule, long seq, ReplayedTask? task, string message)
    {
        bool isExplained = task is not null && task.StartedSeq < GapSeq;
        Findings.Add(new ReplayFinding(rule, !isExplained, seq, task?.Id ?? "", isExplained ? $"{message} (entries were lost before)" : message));
    }

    public void Break(ReplayRule rule, long seq, string task, string message) => Findings.Add(new ReplayFinding(rule, true, seq, task, message));

    public void Remark(ReplayRule rule, long seq, string task, string message) => Findings.Add(new ReplayFinding(rule, false, seq, task, message));
}
