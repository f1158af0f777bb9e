using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli;

/// <summary>Runs a command line by the house's rules: wrong usage ends with 64, faults are one line each on standard error, no stack traces.</summary>
public static class CommandLine
{
    /// <summary>Parses, runs the verb, and returns how the process is to end.</summary>
    /// <param name="root">All verbs.</param>
    /// <param name="args">The arguments as the process got them. <c>@file</c> is an argument like any other.</param>
    public static Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args) => RunAsync(root, args, Terminal.OfProcess());

    internal static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(root);
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && !AsksForHelp(args)) return Refuse(parsed, terminal);

        // The library's own handling of signals ends the process with 143 when one comes before the verb has first waited; ours only cancels.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration terminate = StopOn(PosixSignal.SIGTERM, stop), interrupt = StopOn(PosixSignal.SIGINT, stop);
        InvocationConfiguration invocation = new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = terminal.Out,
            Error = terminal.Error,
        };
        try
        {
            return await parsed.InvokeAsync(invocation, stop.Token);
        }
        catch (FaultException e)
        {
            return e.Fault.Print(terminal.Error);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Failed;
        }
    }

    /// <summary>The first signal stops the verb in an orderly way; a second one is the system's and ends the process.</summary>
    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop) => PosixSignalRegistration.Create(signal, context =>
    {
        if (stop.IsCancellationRequested) return;
        context.Cancel = true;
        stop.Cancel();
    });

    private static int Refuse(ParseResult parsed, Terminal terminal)
    {
        string help = $"see {Name(parsed.CommandResult)} --help";
        foreach (ParseError error in parsed.Errors) new Fault(ExitCodes.Usage, "usage", error.Message.TrimEnd('.', '\n'), help).Print(terminal.Error);
        return ExitCodes.Usage;
    }

    private static string Name(CommandResult command)
    {
        string name = command.Command is RootCommand ? "spiffe-agent" : command.Command.Name;
        return command.Parent is CommandResult parent ? $"{Name(parent)} {name}" : name;
    }

    private static bool AsksForHelp(IReadOnlyList<string> args) => args.TakeWhile(a => a is not "--").Any(a => a is "--help" or "-h" or "-?");
}
