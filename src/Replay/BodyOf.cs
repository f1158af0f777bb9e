namespace Spiffe.Agent.Replay;

/// <summary>Gives what was committed to: UTF-8, shown to be it by its salt; null: it was erased, or is not at hand.</summary>
/// <param name="seq">Of which entry.</param>
/// <param name="commitment">What the entry has for <c>body</c>.</param>
public delegate ReadOnlyMemory<byte>? BodyOf(long seq, string commitment);
