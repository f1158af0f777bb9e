using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Cli.Tasks.Connection;

/// <summary>An endpoint whose refusals mean something else than those of the Workload API: what helps against them is said by whoever asks.</summary>
internal static class TaskEndpoint
{
    /// <summary>Asks once; a refusal gets the remedy that belongs to the question.</summary>
    /// <param name="endpoint">Who is asked.</param>
    /// <param name="ask">The question.</param>
    /// <param name="remedy">What helps when the answer is this status; null keeps what is said of any call.</param>
    /// <param name="cancellationToken">The person gave up.</param>
    /// <exception cref="FaultException">Every status but OK, and no answer in time.</exception>
    public static async Task<T> AskAsync<T>(this Endpoint endpoint, Func<CancellationToken, Task<T>> ask, Func<StatusCode, string?> remedy, CancellationToken cancellationToken)
    {
        StatusCode refused = StatusCode.OK;
        try
        {
            return await endpoint.AskAsync(
                async token =>
                {
                    try
                    {
                        return await ask(token);
                    }
                    catch (RpcException e)
                    {
                        refused = e.StatusCode;
                        throw;
                    }
                },
                cancellationToken);
        }
        catch (FaultException e) when (refused is not (StatusCode.OK or StatusCode.Unavailable) && remedy(refused) is { } better)
        {
            throw new FaultException(e.Fault with { Remedy = better });
        }
    }
}
