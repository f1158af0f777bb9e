using System.CommandLine;
using Spiffe.Agent.Cli.Audit;
using Spiffe.Agent.Cli.Entries;
using Spiffe.Agent.Cli.Explain;
using Spiffe.Agent.Cli.Fetch;
using Spiffe.Agent.Cli.Health;
using Spiffe.Agent.Cli.Inventory;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Policies;
using Spiffe.Agent.Cli.Status;
using Spiffe.Agent.Cli.Tasks;
using Spiffe.Agent.Cli.Validate;

namespace Spiffe.Agent.Cli;

/// <summary>The verbs that are clients of a running daemon, and those that need none.</summary>
public static class ClientCommands
{
    /// <summary><c>fetch</c>, <c>validate</c>, <c>healthcheck</c>, <c>status</c>, <c>inventory</c>, <c>explain</c>, <c>entry</c>, <c>task</c>, <c>policy</c> and <c>audit</c>, with the console of this process.</summary>
    public static IEnumerable<Command> All() => All(Terminal.OfProcess());

    internal static IEnumerable<Command> All(Terminal terminal) =>
    [
        FetchCommand.Create(terminal),
        ValidateCommand.Create(terminal),
        HealthCheckCommand.Create(terminal),
        StatusCommand.Create(terminal),
        InventoryCommand.Create(terminal),
        ExplainCommand.Create(terminal),
        EntryCommand.Create(terminal),
        TaskCommand.Create(terminal),
        PolicyCommand.Create(terminal),
        AuditCommand.Create(terminal),
    ];
}
