using System.CommandLine;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Entries;

/// <summary><c>entry remove</c>: by name, or every entry that grants an id; all or none.</summary>
internal static class EntryRemove
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("remove", "Remove entries that were given over the admin socket, all or none. Who earned an identity by them loses it at once, on open streams too.");
        AdminOptions options = AdminOptions.AddTo(command);
        Argument<string[]> names = new("NAME") { Description = "Names of entries, or enough of their begin; see 'entry list'", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> id = new("--id") { Description = "Instead: the entry that grants this id, as it is written in it", HelpName = "ID" };
        Option<bool> all = new("--all") { Description = "With --id: all entries that grant it" };
        command.Add(names);
        command.Add(id);
        command.Add(all);
        command.Validators.Add(result =>
        {
            bool hasNames = result.GetValue(names) is { Length: > 0 };
            bool hasId = result.GetValue(id) is not null;
            if (hasNames == hasId) result.AddError(hasNames ? "--id takes no names" : "write the names of entries, or --id");
            if (result.GetValue(all) && !hasId) result.AddError("--all goes with --id");
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            RemoveEntriesRequest request = new() { Id = parsed.GetValue(id) ?? "", All = parsed.GetValue(all) };
            request.Names.AddRange(parsed.GetValue(names) ?? []);
            return EntryOptions.ChangeAsync(options, parsed, "removed", null, (client, token) => client.RemoveAsync(request, token), terminal, cancellationToken);
        });
        return command;
    }
}
