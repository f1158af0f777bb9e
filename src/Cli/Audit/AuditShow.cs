using System.CommandLine;
using System.Globalization;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Audit;

/// <summary><c>audit show [DIR] [INDEX]</c>: entries for people. It shows what is there; <c>audit verify</c> tells whether to believe it.</summary>
internal static class AuditShow
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("show", "Show entries of an audit log, without verifying them.");
        Argument<string> directory = LogArgument.Create();
        Argument<long?> index = IndexArgument.Create();
        EntryFilter filter = EntryFilter.AddTo(command, withTimes: true);
        Option<bool> bodies = new("--bodies") { Description = "With the texts that entries committed to, where they are still kept" };
        Option<OutputFormat> output = OutputOption.TextOrJson();
        command.Add(directory);
        command.Add(index);
        command.Add(bodies);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            (string log, long? one) = IndexArgument.Resolve(parsed.GetRequiredValue(directory), parsed.GetValue(index));
            (LogReader reader, _, Checkpoint head) = LogArgument.Open(log);
            using (reader)
            {
                if (one >= head.Size) throw new FaultException(new Fault(ExitCodes.BadInput, "no such entry", one.Value.ToString(CultureInfo.InvariantCulture), $"the log has {head.Size}"));
                Func<LogEntry, bool> isAsked = filter.Of(parsed);
                EntryPage page = new(terminal, parsed.GetValue(output) == OutputFormat.Json, parsed.GetValue(bodies));
                await foreach (LogEntry entry in reader.ReadAsync(one ?? 0, one + 1 ?? head.Size, head.Size, cancellationToken))
                {
                    if (isAsked(entry)) page.Print(entry);
                }

                if (reader.Skipped == 0) return ExitCodes.Done;
                return new Fault(ExitCodes.BadInput, $"{Moment.Count(reader.Skipped, "entry", "entries")} could not be read", log, "see 'spiffe-agent audit verify'").Print(terminal.Error);
            }
        });
        return command;
    }
}
