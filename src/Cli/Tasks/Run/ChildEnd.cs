namespace Spiffe.Agent.Cli.Tasks.Run;

/// <summary>How a child ended: by itself with a status, or by a signal.</summary>
/// <param name="IsSignal">Whether <paramref name="Number"/> is a signal.</param>
/// <param name="Number">The status, or the signal.</param>
internal readonly record struct ChildEnd(bool IsSignal, int Number)
{
    /// <summary>As a shell counts: the status, or 128 and the signal.</summary>
    public int ExitCode => IsSignal ? 128 + Number : Number;

    public bool IsGood => !IsSignal && Number == 0;

    public override string ToString() => IsSignal ? $"ended by signal {Number}" : $"exited with status {Number}";
}
