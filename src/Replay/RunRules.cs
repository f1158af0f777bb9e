using System.Globalization;
using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Replay.Records;
using Spiffe.Agent.Replay.Tasks;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Replay;

/// <summary>Runs of the daemon, its clock, and what the log says of itself.</summary>
internal sealed class RunRules(ReplayContext context)
{
    /// <summary>An entry that is from before others, until a set clock explains it or is not said in time.</summary>
    private (long Seq, DateTimeOffset At, TimeSpan Back)? _back;

    /// <summary>Every entry's time.</summary>
    public void OnTime(in ReplayEntry entry)
    {
        if (entry.At > context.Latest) context.Latest = entry.At;
        if (entry.Kind is RecordKind.ClockAnomaly or RecordKind.DaemonStarted)
        {
            (_back, context.Now) = (null, entry.At);
            return;
        }

        if (entry.At >= context.Now) context.Now = entry.At;
        else if (context.Now - entry.At > ReplayLimits.TimeLeeway) _back ??= (entry.Seq, entry.At, context.Now - entry.At);
        if (_back is { } back && entry.At - back.At > ReplayLimits.ClockNoticed) Explain();
    }

    public void Apply(in ReplayEntry entry)
    {
        switch (entry.Kind)
        {
            case RecordKind.DaemonStarted:
                if (context.Run == RunState.Running) context.Remark(ReplayRule.Crashed, entry.Seq, "", "the daemon starts, and has not stopped before: it ended without a word");
                CutShort(entry, isSaid: true);
                context.Policies.Restart();
                context.Templates.Restart();
                (context.Run, context.MayBeUnknown) = (RunState.Running, false);
                break;
            case RecordKind.DaemonStopped:
                if (context.Run == RunState.Stopped) context.Break(ReplayRule.NotRunning, entry.Seq, "", "the daemon stops twice");
                foreach (ReplayedTask task in context.Tasks.All.Where(task => task.IsLive)) context.Break(ReplayRule.LiveAtStop, entry.Seq, task, "the daemon stops, and the task has not ended");
                CutShort(entry, isSaid: false);
                context.Run = RunState.Stopped;
                break;
            case RecordKind.ClockAnomaly:
                long milliseconds = entry.Data.Number(RecordMember.Milliseconds) ?? 0;
                context.ClockSet = TimeSpan.FromMilliseconds(Math.Clamp(context.ClockSet.TotalMilliseconds + milliseconds, -RecordLimit, RecordLimit));
                context.Remark(ReplayRule.ClockSet, entry.Seq, "", string.Create(CultureInfo.InvariantCulture, $"the wall clock was set by {milliseconds} ms"));
                break;
            case RecordKind.LogGap:
                context.GapSeq = entry.Seq;
                context.Remark(ReplayRule.Gap, entry.Seq, "", "entries that were owed were lost, and the log says so");
                break;
            case RecordKind.SvidIssued:
                OnSvid(entry);
                break;
        }
    }

    /// <summary>The log ends: nothing more will explain it.</summary>
    public void Complete()
    {
        if (_back is not null) Explain();
    }

    /// <summary>Milliseconds of a century: what is more is no time.</summary>
    private const double RecordLimit = 3_155_760_000_000;

    private void OnSvid(in ReplayEntry entry)
    {
        context.OfEntries++;
        if (context.Run == RunState.Stopped) context.Break(ReplayRule.NotRunning, entry.Seq, "", "an SVID was issued while no daemon ran");
        if (entry.Data.Time(RecordMember.ExpiresAt) is not { } expiry) context.Break(ReplayRule.MalformedEntry, entry.Seq, "", "an SVID without expires_at");
        else if (expiry <= entry.At) context.Break(ReplayRule.WrongExpiry, entry.Seq, "", "an SVID was issued that had expired");
        else if (expiry - entry.At > ReplayLimits.LongestSvid) context.Break(ReplayRule.WrongExpiry, entry.Seq, "", $"an SVID was issued for more than {ReplayLimits.LongestSvid.TotalDays} days");
    }

    /// <summary>Nothing is kept over the end of a daemon: what lived is over.</summary>
    private void CutShort(in ReplayEntry entry, bool isSaid)
    {
        foreach (ReplayedTask task in context.Tasks.All.Where(task => task.IsLive).ToArray())
        {
            if (isSaid) context.Remark(ReplayRule.CutShort, entry.Seq, task.Id, "it was over because the daemon was");
            task.State = TaskState.Revoked;
            task.Family.Owed = null;
            task.Family.Unsettled = null;
            context.Tasks.End(task, entry.At);
        }
    }

    private void Explain()
    {
        (long seq, _, TimeSpan back) = _back!.Value;
        _back = null;
        context.Break(ReplayRule.TimeWentBack, seq, "", string.Create(CultureInfo.InvariantCulture, $"its time is {back.TotalSeconds:F1} s before that of an entry before it, and no clock was set"));
    }
}
