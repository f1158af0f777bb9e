using System.CommandLine;
using System.Globalization;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Audit;

/// <summary><c>audit erase INDEX</c>: has the agent erase the words that belong to an entry. The only verb of these that asks an agent: nobody else writes its log.</summary>
internal static class AuditErase
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("erase", "Have the agent erase the words of people and programs that belong to an entry. The log stays whole, and says who had it done.");
        Argument<long?> index = IndexArgument.Create();
        index.Arity = ArgumentArity.ExactlyOne;
        AdminOptions options = AdminOptions.AddTo(command);
        command.Add(index);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            long which = parsed.GetValue(index) ?? 0;
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using AdminClient client = new(endpoint.Address);
            bool isErased = await endpoint.AskAsync(token => client.EraseTextAsync(which, token), cancellationToken);
            terminal.Out.Write(options.IsJson(parsed)
                ? JsonText.Object(onOneLine: false, json =>
                {
                    json.WriteNumber("index", which);
                    json.WriteBoolean("erased", isErased);
                })
                : string.Create(CultureInfo.InvariantCulture, $"entry {which}: {(isErased ? "its words are erased" : "has no words, or not any more")}\n"));
            return ExitCodes.Done;
        });
        return command;
    }
}
