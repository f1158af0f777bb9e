using System.CommandLine;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Audit;

/// <summary><c>audit tail [DIR]</c>: the last entries, and with <c>--follow</c> those that come.</summary>
internal static class AuditTail
{
    private const int Customary = 10;
    private const int Most = 100_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create(Terminal terminal)
    {
        Command command = new("tail", "Show the last entries of an audit log, a line each, without verifying them.");
        Argument<string> directory = LogArgument.Create();
        Option<int> count = new("--lines", "-n") { Description = $"How many; {Customary} unless said otherwise, at most {Most}", HelpName = "N", DefaultValueFactory = _ => Customary };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > Most) result.AddError($"--lines: write a number from 0 to {Most}");
        });
        Option<bool> follow = new("--follow", "-f") { Description = "Then those that come, until Ctrl-C" };
        EntryFilter filter = EntryFilter.AddTo(command, withTimes: false);
        Option<OutputFormat> output = OutputOption.TextOrJson();
        command.Add(directory);
        command.Add(count);
        command.Add(follow);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            (LogReader reader, _, Checkpoint head) = LogArgument.Open(parsed.GetRequiredValue(directory));
            using (reader)
            {
                EntryPage page = new(terminal, parsed.GetValue(output) == OutputFormat.Json, withBodies: false, isBrief: true);
                Func<LogEntry, bool> isAsked = filter.Of(parsed);
                long first = await FindAsync(reader, head.Size, parsed.GetValue(count), isAsked, cancellationToken);
                await PrintAsync(reader, first, head.Size, isAsked, page, cancellationToken);
                if (parsed.GetValue(follow)) await FollowAsync(reader, head.Size, isAsked, page, terminal, cancellationToken);
                return ExitCodes.Done;
            }
        });
        return command;
    }

    /// <summary>The index from which on so many are asked for: looked for from the end, a bundle at a time.</summary>
    private static async Task<long> FindAsync(LogReader reader, long size, int count, Func<LogEntry, bool> isAsked, CancellationToken cancellationToken)
    {
        long from = size;
        while (count > 0 && from > 0)
        {
            long to = from;
            from = (from - 1) / TilePath.Width * TilePath.Width;
            List<long> found = [];
            await foreach (LogEntry entry in reader.ReadAsync(from, to, size, cancellationToken))
            {
                if (isAsked(entry)) found.Add(entry.Seq);
            }

            if (found.Count >= count) return found[^count];
            count -= found.Count;
        }

        return from;
    }

    private static async Task FollowAsync(LogReader reader, long from, Func<LogEntry, bool> isAsked, EntryPage page, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, terminal.Time, cancellationToken);
                if (reader.Head() is not var (_, head) || head.Size <= from) continue;
                await PrintAsync(reader, from, head.Size, isAsked, page, cancellationToken);
                from = head.Size;
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how following ends.
        }
    }

    private static async Task PrintAsync(LogReader reader, long from, long size, Func<LogEntry, bool> isAsked, EntryPage page, CancellationToken cancellationToken)
    {
        await foreach (LogEntry entry in reader.ReadAsync(from, size, size, cancellationToken))
        {
            if (isAsked(entry)) page.Print(entry);
        }
    }
}
