using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Entries;

/// <summary>What several verbs of <c>entry</c> have in common.</summary>
internal static class EntryOptions
{
    /// <summary>Which entry.</summary>
    public static Argument<string> Name() => new("NAME") { Description = "The entry's name, or enough of its begin; see 'entry list'" };

    /// <summary>Whether selectors are shown whole.</summary>
    public static Option<bool> ShowSecrets() => new("--show-secrets") { Description = "Show the values in docker:env and podman:env selectors too" };

    /// <summary>Asks for a change and prints what it did.</summary>
    /// <param name="options">The admin socket and the format.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="verb">What was done, as the output says it: <c>added</c>.</param>
    /// <param name="document">Names the file that entries came from; null where there is none.</param>
    /// <param name="ask">The change.</param>
    /// <param name="terminal">Where to print.</param>
    /// <param name="cancellationToken">The person gave up.</param>
    public static async Task<int> ChangeAsync(
        AdminOptions options,
        ParseResult parsed,
        string verb,
        string? document,
        Func<AdminClient, CancellationToken, Task<EntriesChanged>> ask,
        Terminal terminal,
        CancellationToken cancellationToken)
    {
        Endpoint endpoint = options.Endpoint(parsed, terminal);
        using AdminClient client = new(endpoint.Address);
        return await new EntryRefusals(endpoint, document, terminal).AskAsync(
            token => ask(client, token),
            changed =>
            {
                foreach (EntryFault warning in changed.Warnings) terminal.Error.WriteLine(EntryFaultText.Warning(warning, document));
                terminal.Out.Write(options.IsJson(parsed) ? EntryJson.Write(changed) : EntryText.Write(changed, verb, terminal.IsStyled));
                return ExitCodes.Done;
            },
            cancellationToken);
    }
}
