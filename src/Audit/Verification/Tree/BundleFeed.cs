using System.Runtime.CompilerServices;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification.Files;

namespace Spiffe.Agent.Audit.Verification.Tree;

/// <summary>All bundles of a tree in order, read and hashed ahead on every core.</summary>
/// <param name="files">The log's.</param>
/// <param name="size">How many entries the tree has.</param>
/// <param name="first">The first bundle.</param>
/// <param name="end">Behind the last; at most all that there are.</param>
internal sealed class BundleFeed(LogFiles files, long size, long first = 0, long end = long.MaxValue)
{
    /// <summary>Most bundles ahead for each core. Ours: enough that none waits, and 34 MiB for each of two cores where every entry is of the longest.</summary>
    private const int AheadPerCore = 2;

    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Each is used again once the next is asked for.</returns>
    public async IAsyncEnumerable<CheckedBundle> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BundleReader reader = new(files);
        Queue<Task<CheckedBundle>> ahead = [];
        Stack<CheckedBundle> free = [];
        for (int i = 0; i < AheadPerCore * Environment.ProcessorCount; i++) free.Push(new CheckedBundle());
        long bundles = Math.Min(end, TilePath.FullTiles(0, size) + (TilePath.EdgeWidth(0, size) > 0 ? 1 : 0));
        long next = first;
        try
        {
            while (next < bundles || ahead.Count > 0)
            {
                while (next < bundles && free.TryPop(out CheckedBundle? idle)) ahead.Enqueue(StartAsync(reader, idle, next++));
                CheckedBundle bundle = await ahead.Peek().WaitAsync(cancellationToken).ConfigureAwait(false);
                _ = ahead.Dequeue();
                cancellationToken.ThrowIfCancellationRequested();
                yield return bundle;
                free.Push(bundle);
            }
        }
        finally
        {
            await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // They use the directory, which is closed next.
        }
    }

    private Task<CheckedBundle> StartAsync(BundleReader reader, CheckedBundle bundle, long index)
    {
        int width = index < TilePath.FullTiles(0, size) ? TilePath.Width : TilePath.EdgeWidth(0, size);
        return Task.Run(() =>
        {
            reader.Read(bundle, index, width);
            return bundle;
        });
    }
}
