using System.Runtime.InteropServices;
using System.Text;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Replay.Records;
using Spiffe.Agent.Replay.Tasks;

namespace Spiffe.Agent.Replay;

/// <summary>
/// Reads a log again from its first entry and holds it to the rules by which the daemon works: every task runs through the table of its life, nothing is given that was not granted, decided and alive, nothing lives
/// on that ended, and every decision whose question is kept is taken once more by the policies that the log says were in force. That entries are whole, in order and signed is for the log's verifier to see.
/// </summary>
/// <remarks>Memory is bounded (<see cref="ReplayLimits"/>) whatever the entries say. Not safe from several threads; takes decisions on several of its own.</remarks>
public sealed class LogReplay
{
    /// <summary>Entries between two looks at what may be forgotten.</summary>
    private const int ForgetEvery = 1_024;

    private readonly ReplayContext _context;
    private readonly RunRules _runs;
    private readonly ConfigurationRules _configuration;
    private readonly TaskRules _tasks;
    private long _entries;

    public LogReplay(ReplayOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _context = new ReplayContext(options);
        (_runs, _configuration, _tasks) = (new RunRules(_context), new ConfigurationRules(_context), new TaskRules(_context));
    }

    /// <summary>The next entry, as verifying the log found it.</summary>
    public void Add(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Add(entry.Seq, entry.At, entry.TypeUtf8, entry.Data.Span, entry.Body);
    }

    /// <summary>The next entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="body">The text that it committed to; null: there is none, or it was erased.</param>
    public void Add(RecordEntry entry, string? body)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Add(entry.Seq, entry.At, Encoding.UTF8.GetBytes(entry.Type), JsonMarshal.GetRawUtf8Value(entry.Data), body);
    }

    /// <summary>The next entry, as it stands in the log.</summary>
    /// <param name="seq">Its index. Where the first is not 0, tasks may have begun before it.</param>
    /// <param name="at">Its time.</param>
    /// <param name="type">Its type, UTF-8.</param>
    /// <param name="data">Its data: a JSON object, UTF-8.</param>
    /// <param name="body">The text that it committed to, shown to be it by its salt; null: there is none, or it was erased.</param>
    public void Add(long seq, DateTimeOffset at, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data, string? body)
    {
        if (_entries++ == 0) _context.MayBeUnknown = seq > 0;
        if (!RecordData.TryRead(data, out RecordData members))
        {
            _context.Break(ReplayRule.MalformedEntry, seq, "", "its data are no JSON object");
            return;
        }

        ReplayEntry entry = new(seq, at, RecordKinds.Of(type), members, body);
        _runs.OnTime(entry);
        if (RecordKinds.IsOfTask(entry.Kind))
        {
            _tasks.Apply(entry);
        }
        else if (entry.Kind != RecordKind.Other)
        {
            if (entry.Kind == RecordKind.DaemonStopped) _tasks.Stop();
            _runs.Apply(entry);
            _configuration.Apply(entry);
        }

        if (_entries % ForgetEvery != 0) return;
        _tasks.Look();
        _context.Credentials.Forget(_context.Latest);
        _context.Tasks.Forget(_context.Latest);
    }

    /// <summary>That was the last entry. Nothing is added behind it.</summary>
    public ReplaySummary Complete()
    {
        _runs.Complete();
        _tasks.Complete();
        _context.Queue.Run();
        FindingList findings = _context.Findings;
        return new ReplaySummary
        {
            Entries = _entries,
            Tasks = _context.Tasks.Began,
            Live = _context.Tasks.Live,
            NotJudged = _context.Tasks.NotJudged,
            Decisions = new DecisionCounts(_context.Decisions, _context.Queue.Taken, _context.Erased, _context.UnknownPolicies),
            Credentials = new CredentialCounts(_context.Credentials.Issued, _context.Credentials.Revoked, _context.Credentials.ExpiredBy(_context.Latest), _context.OfEntries),
            ViolationCount = findings.Violations,
            RemarkCount = findings.Remarks,
            Violations = findings.Sorted(violations: true),
            Remarks = findings.Sorted(violations: false),
        };
    }
}
