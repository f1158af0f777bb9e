using System.Runtime.CompilerServices;

namespace Spiffe.Agent.Rpc;

/// <summary>Lets <c>await foreach</c> read a stream.</summary>
public static class AsyncStreamReaderExtensions
{
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(this IAsyncStreamReader<T> reader, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await reader.MoveNext(cancellationToken)) yield return reader.Current;
    }
}
