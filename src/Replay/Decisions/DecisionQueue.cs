using Spiffe.Agent.Replay.Tasks;
using Spiffe.Agent.Tasks.Decisions;

namespace Spiffe.Agent.Replay.Decisions;

/// <summary>Decisions that wait to be taken again: a few thousand at once, on several threads. Whoever adds the last one takes part.</summary>
/// <param name="parallelism">Threads.</param>
/// <param name="report">Hears what is wrong, one after the other, in the order of entries.</param>
internal sealed class DecisionQueue(int parallelism, Action<RecordedDecision, DecisionFault> report)
{
    private readonly List<(RecordedDecision Decision, RecordedQuestion? Question, ReplayedTask? Task)> _waiting = new(ReplayLimits.MaxWaitingDecisions);
    private readonly ParallelOptions _parallel = new() { MaxDegreeOfParallelism = Math.Max(1, parallelism) };

    /// <summary>Those that were taken again.</summary>
    public long Taken { get; private set; }

    /// <param name="decision">What is recorded.</param>
    /// <param name="question">Its question, if it was read already.</param>
    /// <param name="task">Its task; learns how questions have it.</param>
    public void Add(RecordedDecision decision, RecordedQuestion? question, ReplayedTask? task)
    {
        _waiting.Add((decision, question, task));
        if (_waiting.Count >= ReplayLimits.MaxWaitingDecisions) Run();
    }

    /// <summary>Takes all that wait.</summary>
    public void Run()
    {
        if (_waiting.Count == 0) return;
        (RecordedDecision Decision, RecordedQuestion? Question, ReplayedTask? Task)[] waiting = [.. _waiting];
        _waiting.Clear();
        DecisionFault?[] faults = new DecisionFault?[waiting.Length];
        Parallel.For(0, waiting.Length, _parallel, i =>
        {
            (RecordedDecision decision, RecordedQuestion? question, ReplayedTask? task) = waiting[i];
            if (question is null && !DecisionJudge.TryRead(decision, out question, out DecisionFault unread))
            {
                faults[i] = unread;
                return;
            }

            waiting[i] = (decision, question, task);
            faults[i] = DecisionJudge.Judge(decision, question);
        });
        for (int i = 0; i < faults.Length; i++)
        {
            (RecordedDecision decision, RecordedQuestion? question, ReplayedTask? task) = waiting[i];
            if (decision.Policies is not null) Taken++;
            if (task is not null && question is not null) task.Entities = question.Task;
            if (faults[i] is { } fault) report(decision, fault);
        }
    }
}
