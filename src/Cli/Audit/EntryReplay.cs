using System.Text;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Replay;

namespace Spiffe.Agent.Cli.Audit;

/// <summary>Hands the entries that are intact on to be held to the rules by which the daemon works, each with its body where that is kept.</summary>
internal sealed class EntryReplay
{
    private readonly LogReplay _replay;
    private LogEntry? _current;

    public EntryReplay() => _replay = new LogReplay(new ReplayOptions { Bodies = (seq, _) => _current is { Body: { } text } entry && entry.Seq == seq ? Encoding.UTF8.GetBytes(text) : null });

    public void Add(LogEntry entry)
    {
        _current = entry;
        _replay.Add(entry.Seq, entry.At, entry.TypeUtf8, entry.Data.Span);
    }

    public ReplaySummary Complete() => _replay.Complete();
}
