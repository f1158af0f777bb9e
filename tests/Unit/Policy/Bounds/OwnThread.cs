using System.Runtime.ExceptionServices;

namespace Spiffe.Agent.Tests.Unit.Policy.Bounds;

/// <summary>Runs hostile input on a thread of its own, with a stack of a known size, and does not wait for ever. A stack overflow ends the whole test run.</summary>
internal static class OwnThread
{
    /// <summary>Little: what everything is to make do with, its code not optimised yet. Linux gives the main thread 8 MiB.</summary>
    public const int SmallStack = 512 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <exception cref="TimeoutException">It hangs.</exception>
    public static T Run<T>(int stack, Func<T> run)
    {
        T? result = default;
        ExceptionDispatchInfo? thrown = null;
        Thread thread = new(() => Catch(run, ref result, ref thrown), stack) { IsBackground = true };
        thread.Start();
        if (!thread.Join(Patience)) throw new TimeoutException($"no end after {Patience}");
        thrown?.Throw();
        return result!;
    }

    private static void Catch<T>(Func<T> run, ref T? result, ref ExceptionDispatchInfo? thrown)
    {
        try
        {
            result = run();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            thrown = ExceptionDispatchInfo.Capture(e);
        }
    }
}
