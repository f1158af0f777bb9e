using System.CommandLine;

namespace Spiffe.Agent.Cli.Options;

/// <summary><c>--timeout</c>: how long to wait for an answer; with --watch, for the first one.</summary>
internal static class TimeoutOption
{
    /// <summary>Ours: an agent answers in milliseconds, unless it waits for a runtime that tells of containers.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(10);

    public static Option<TimeSpan?> Create() => new("--timeout")
    {
        Description = "How long to wait for an answer; 10s unless said otherwise",
        HelpName = "DURATION",
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            if (WaitText.TryParse(text, out TimeSpan wait)) return wait;
            argument.AddError($"--timeout: {text}: write a whole number and its unit, from 1ms to 24h: 500ms, 10s, 2m, 1h");
            return null;
        },
    };
}
