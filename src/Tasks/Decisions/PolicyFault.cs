namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>Why policies were refused.</summary>
/// <param name="Source">Of which source.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
/// <param name="Message">For people, without a full stop.</param>
public sealed record PolicyFault(string Source, int Line, int Column, string Message)
{
    public override string ToString() => $"{Source}:{Line}:{Column}: {Message}";
}
