namespace Spiffe.Agent.Tests.E2E.Hosts;

/// <summary>How a command ended and what it said.</summary>
public sealed record CommandResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>The output without the line end, of a command that must have ended with 0.</summary>
    /// <exception cref="InvalidOperationException">It ended with something else; the message says what it said.</exception>
    public string Text => ExitCode == 0 ? Output.Trim() : throw new InvalidOperationException(ToString());

    public override string ToString() => $"`{Command}` ended with {ExitCode}\n{Output}\n{Error}";
}
