using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Scheduling;

namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>SHA-256 of executables: few at a time, by turns, off the caller's thread, each state of a file once.</summary>
/// <remarks>What is remembered is keyed by device, inode, size and both times, so any write makes a new key; except for writes within one tick of the clock that stamps
/// files. A file that changed less than <see cref="Settled"/> ago is therefore hashed and not remembered.</remarks>
internal sealed class ExecutableHasher
{
    /// <summary>How long ago the last change must be. Ours: FAT stamps to 2 s, and file stamps lag by at most 10 ms on the others.</summary>
    internal static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock;
    private readonly FairCache<ExecutableId, string> _remembered;
    private readonly HashScheduler _scheduler;

    internal ExecutableHasher(AttestationOptions options, TimeProvider clock)
    {
        _clock = clock;
        MaxSize = options.MaxExecutableSize;
        _remembered = new FairCache<ExecutableId, string>(Math.Max(1, options.HashCacheSize));
        _scheduler = new HashScheduler(Math.Max(1, options.MaxConcurrentHashes), Math.Max(1, options.HashSliceSize), Remember);
    }

    /// <summary>Largest file that is hashed; 0 hashes none.</summary>
    internal long MaxSize { get; }

    /// <summary>The hash of the file in the state <paramref name="id"/>. The handle is the hasher's from here on.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal ValueTask<HashAnswer> HashAsync(SafeFileHandle file, ExecutableId id, Beneficiary who, CancellationToken cancellationToken)
    {
        if (!_remembered.TryGet(id, out string? known)) return HashAnewAsync(file, id, who, cancellationToken);
        file.Dispose();
        return new ValueTask<HashAnswer>(new HashAnswer(known, false));
    }

    private async ValueTask<HashAnswer> HashAnewAsync(SafeFileHandle file, ExecutableId id, Beneficiary who, CancellationToken cancellationToken)
    {
        if (_scheduler.Ask(file, id, who) is not { } job) return new HashAnswer(null, true);
        // One reading serves all who ask meanwhile, so no caller's cancellation may end it.
        return new HashAnswer(await job.Done.WaitAsync(cancellationToken), false);
    }

    private void Remember(ExecutableId id, string hash, uint userId)
    {
        DateTimeOffset settledBefore = _clock.GetUtcNow() - Settled;
        if (Math.Max(id.ChangedSeconds, id.ModifiedSeconds) < settledBefore.ToUnixTimeSeconds()) _remembered.Set(id, hash, userId);
    }
}
