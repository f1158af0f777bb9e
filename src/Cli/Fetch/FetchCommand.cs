using System.CommandLine;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary><c>fetch</c>: what this process gets from the Workload API.</summary>
internal static class FetchCommand
{
    public static Command Create(Terminal terminal) => new("fetch", "Fetch SVIDs and trust bundles as a workload: the agent answers to what this process is.")
    {
        FetchX509.Create(terminal),
        FetchJwt.Create(terminal),
        FetchWit.Create(terminal),
        FetchBundle.Create(terminal),
    };

    public static Option<bool> WatchOption() => new("--watch", "-w") { Description = "Follow: print every update until Ctrl-C, through restarts of the agent" };
}
