using System.Text;

namespace Spiffe.Agent.Cli.Output;

/// <summary>What a verb sees of the world beside its endpoint: streams, environment, clock.</summary>
/// <param name="Out">Standard output: what was asked for, nothing else.</param>
/// <param name="Error">Standard error: faults and remarks.</param>
/// <param name="Input">Opens standard input.</param>
/// <param name="Environment">Looks an environment variable up; null when it is unset.</param>
/// <param name="Time">The clock.</param>
/// <param name="IsStyled">Whether <paramref name="Out"/> is looked at on a terminal that wants bold and dim.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, Func<Stream> Input, Func<string, string?> Environment, TimeProvider Time, bool IsStyled)
{
    /// <summary>The console of this process. Styled only when standard output is a terminal, NO_COLOR is unset or empty (no-color.org) and TERM is not <c>dumb</c>.</summary>
    public static Terminal OfProcess() => new(
        Writer(Console.OpenStandardOutput()),
        Writer(Console.OpenStandardError()),
        Console.OpenStandardInput,
        System.Environment.GetEnvironmentVariable,
        TimeProvider.System,
        !Console.IsOutputRedirected && WantsStyle(System.Environment.GetEnvironmentVariable));

    // Not Console.Out: that sets the terminal up for cursor keys, and a program that 'task run' wraps would find it so.
    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };

    internal static bool WantsStyle(Func<string, string?> environment) =>
        string.IsNullOrEmpty(environment("NO_COLOR")) && environment("TERM") is { Length: > 0 } term && !string.Equals(term, "dumb", StringComparison.Ordinal);
}
