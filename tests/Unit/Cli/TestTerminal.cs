using System.Text;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Tests.Unit.Cli;

/// <summary>A console that is remembered, an environment that is empty unless set, a clock that stands still (its timers run).</summary>
internal sealed class TestTerminal
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public WatchedWriter Out { get; } = new();

    public WatchedWriter Error { get; } = new();

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public string Input { get; set; } = "";

    public bool IsStyled { get; set; }

    public Terminal Terminal => new(Out, Error, () => new MemoryStream(Encoding.UTF8.GetBytes(Input)), name => Environment.GetValueOrDefault(name), new FixedTime(), IsStyled);

    /// <summary>Runs a whole command line.</summary>
    public Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken = default)
    {
        System.CommandLine.RootCommand root = new("test");
        foreach (System.CommandLine.Command command in ClientCommands.All(Terminal)) root.Add(command);
        return CommandLine.RunAsync(root, args, Terminal, cancellationToken);
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
