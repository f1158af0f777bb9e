using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli;

/// <summary>What went wrong, as a person needs it: what, with which value, and what to do about it.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="What">The place and the fault, such as <c>--timeout</c> or <c>cannot bind</c>.</param>
/// <param name="Value">The culprit, such as a path; empty when there is none. Never a secret.</param>
/// <param name="Remedy">What helps; empty when nobody knows.</param>
public sealed record Fault(int ExitCode, string What, string Value, string Remedy)
{
    /// <summary>Writes the one line of it, and says how the process ends.</summary>
    /// <param name="error">Standard error.</param>
    /// <returns><see cref="ExitCode"/>.</returns>
    public int Print(TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(error);
        error.WriteLine(ToString());
        return ExitCode;
    }

    /// <summary><c>spiffe-agent: what: value: remedy</c>, on one line, without anything that a terminal would obey.</summary>
    public override string ToString() => "spiffe-agent: " + string.Join(": ", new[] { What, Value, Remedy }.Where(part => part.Length > 0).Select(SafeText.Of));
}
