using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>SHA-256 of executables: few at a time, off the caller's thread, each state of a file once.</summary>
/// <remarks>What is remembered is keyed by device, inode, size and both times, so any write makes a new key; except for writes within one tick of the clock that stamps
/// files. A file that changed less than <see cref="Settled"/> ago is therefore hashed and not remembered.</remarks>
internal sealed class ExecutableHasher(AttestationOptions options, TimeProvider clock)
{
    /// <summary>How long ago the last change must be. Ours: FAT stamps to 2 s, and file stamps lag by at most 10 ms on the others.</summary>
    internal static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private const int BufferSize = 128 * 1024;

    private readonly LeastRecentlyUsed<ExecutableId, string> _remembered = new(Math.Max(1, options.HashCacheSize));
    private readonly ConcurrentDictionary<ExecutableId, Task<string?>> _running = new();
    private readonly Slots _slots = new(Math.Max(1, options.MaxConcurrentHashes));

    /// <summary>Largest file that is hashed; 0 hashes none.</summary>
    internal long MaxSize => options.MaxExecutableSize;

    /// <summary>How many files were read to the end; for tests.</summary>
    internal int FilesRead => _filesRead;

    private int _filesRead;

    /// <summary>Lower-case hex of the hash of the file in the state <paramref name="id"/>, or null when it changed meanwhile. The handle is the hasher's from here on.</summary>
    internal ValueTask<string?> HashAsync(SafeFileHandle file, ExecutableId id, CancellationToken cancellationToken)
    {
        if (_remembered.TryGet(id, out string? known))
        {
            file.Dispose();
            return new ValueTask<string?>(known);
        }

        // One reading serves all who ask meanwhile, so no caller's cancellation may end it.
        TaskCompletionSource<string?> mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string?> running = _running.GetOrAdd(id, mine.Task);
        if (running == mine.Task) _ = RunAsync(file, id, mine);
        else file.Dispose();
        return new ValueTask<string?>(running.WaitAsync(cancellationToken));
    }

    private async Task RunAsync(SafeFileHandle file, ExecutableId id, TaskCompletionSource<string?> result)
    {
        await _slots.TakeAsync(CancellationToken.None);
        try
        {
            string? hash = await Task.Run(() => Hash(file, id));
            if (hash is not null && HasSettled(id)) _remembered.Set(id, hash);
            result.SetResult(hash);
        }
#pragma warning disable CA1031 // Whoever waits gets the failure, whatever it is.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            result.SetException(failure);
        }
        finally
        {
            _slots.Give();
            _running.TryRemove(id, out _);
            file.Dispose();
        }
    }

    private string? Hash(SafeFileHandle file, ExecutableId id)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long length = 0;
            for (int read; (read = RandomAccess.Read(file, buffer, length)) > 0; length += read)
            {
                if (length + read > (long)id.Size) return null;
                hash.AppendData(buffer.AsSpan(0, read));
            }

            Interlocked.Increment(ref _filesRead);
            return length == (long)id.Size && ExecutableId.Of(file) == id ? Convert.ToHexStringLower(hash.GetHashAndReset()) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool HasSettled(ExecutableId id)
    {
        DateTimeOffset settledBefore = clock.GetUtcNow() - Settled;
        return Math.Max(id.ChangedSeconds, id.ModifiedSeconds) < settledBefore.ToUnixTimeSeconds();
    }
}
