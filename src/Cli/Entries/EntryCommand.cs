using System.CommandLine;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Entries;

/// <summary><c>entry</c>: which callers earn which identities, while the daemon runs.</summary>
internal static class EntryCommand
{
    public static Command Create(Terminal terminal) => new("entry", "List and change the entries of the running agent: which callers earn which identities.")
    {
        EntryList.Create(terminal),
        EntryShow.Create(terminal),
        EntryAdd.Create(terminal),
        EntryUpdate.Create(terminal),
        EntryRemove.Create(terminal),
    };
}
