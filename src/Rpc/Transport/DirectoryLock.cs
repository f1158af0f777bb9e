using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Lets one starter or stopper at a time look at a directory and change it (flock on the directory itself, so nothing is left behind).</summary>
internal static class DirectoryLock
{
    /// <summary>Longest wait, in milliseconds. Ours: holders need microseconds; whoever holds it longer is no daemon of ours.</summary>
    internal const int MaxWait = 5_000;

    private const int Step = 20;

    /// <summary>Takes the lock for as long as the handle is open. False when somebody holds it all the while.</summary>
    internal static unsafe bool TryTake(SafeFileHandle directory)
    {
        for (int waited = 0; ; waited += Step)
        {
            if (Libc.FileLock(directory, Constants.LockExclusive | Constants.LockNonBlock) == 0) return true;
            if (waited >= MaxWait) return false;
            _ = Libc.Poll(null, 0, Step);
        }
    }
}
