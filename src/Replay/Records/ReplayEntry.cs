namespace Spiffe.Agent.Replay.Records;

/// <summary>One entry, as rules see it.</summary>
internal readonly ref struct ReplayEntry(long seq, DateTimeOffset at, RecordKind kind, RecordData data, string? body)
{
    public readonly long Seq = seq;

    public readonly DateTimeOffset At = at;

    public readonly RecordKind Kind = kind;

    public readonly RecordData Data = data;

    /// <summary>The text that it committed to; null: there is none, or it was erased.</summary>
    public readonly string? Body = body;
}
