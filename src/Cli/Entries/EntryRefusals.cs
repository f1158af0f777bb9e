using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Cli.Entries;

/// <summary>Asks the agent for entries or for a change of them; where it refuses, says everything that stands against it.</summary>
/// <param name="endpoint">The agent.</param>
/// <param name="document">Names the file that entries came from; null where there is none.</param>
/// <param name="terminal">Standard error.</param>
internal sealed class EntryRefusals(Endpoint endpoint, string? document, Terminal terminal)
{
    /// <summary>Shows the answer, or prints why there is none; says how the process ends.</summary>
    /// <exception cref="FaultException">The call failed and has no more to say than its status.</exception>
    public async Task<int> AskAsync<T>(Func<CancellationToken, Task<T>> ask, Func<T, int> show, CancellationToken cancellationToken)
    {
        RpcException? refused = null;
        try
        {
            return show(await endpoint.AskAsync(
                async token =>
                {
                    try
                    {
                        return await ask(token);
                    }
                    catch (RpcException e)
                    {
                        refused = e;
                        throw;
                    }
                },
                cancellationToken));
        }
        catch (FaultException) when (Details(refused) is not null)
        {
            return Print(Details(refused)!, CallFaults.ExitCode(refused!.StatusCode));
        }
    }

    private int Print(EntryFaults faults, int exitCode)
    {
        foreach (EntryFault fault in faults.Faults) terminal.Error.WriteLine(EntryFaultText.Of(fault, document, exitCode));
        if (faults.More > 0) terminal.Error.WriteLine($"and {Moment.Count(faults.More, "more fault")}: correct these first");
        return exitCode;
    }

    private static EntryFaults? Details(RpcException? error)
    {
        foreach (Any detail in error?.RichStatus?.Details ?? [])
        {
            if (detail.TryUnpack(out EntryFaults faults) && faults.Faults.Count > 0) return faults;
        }

        return null;
    }
}
