using System.Security.Cryptography;

namespace Spiffe.Agent.Cli.Connection;

/// <summary>Waits longer each time, so that a restarted daemon is neither missed for long nor stormed.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(16);

    /// <summary>The next wait, up to a fifth more by chance.</summary>
    public TimeSpan Next { get; private set; } = Shortest;

    public void Reset() => Next = Shortest;

    /// <summary>Returns early, without an exception, when cancelled.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait = Next * (1 + RandomNumberGenerator.GetInt32(0, 200) / 1000.0);
        Next = Next * 2 < Longest ? Next * 2 : Longest;
        await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
