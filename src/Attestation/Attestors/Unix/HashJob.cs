using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Scheduling;

namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>One file that is being hashed, slice by slice, for all who asked for it.</summary>
internal sealed class HashJob(SafeFileHandle file, ExecutableId id, uint firstUserId, long askedAt) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly TaskCompletionSource<string?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _length;

    internal ExecutableId Id => id;

    /// <summary>Who asked first.</summary>
    internal uint FirstUserId => firstUserId;

    /// <summary>The hash, or null when the file changed meanwhile; fails when it cannot be read.</summary>
    internal Task<string?> Done => _done.Task;

    /// <summary>Number of the slice, of all files, that had been read last when this one was asked for.</summary>
    internal long AskedAt => askedAt;

    /// <summary>Number of this file's last slice.</summary>
    internal long DoneAt { get; private set; }

    // The scheduler's own notes, guarded by its lock.

    /// <summary>Users with a turn for this file. One of them asked first; the others need not wait for his other files.</summary>
    internal HashSet<uint> Users { get; } = [];

    /// <summary>Turns that came while a slice was being read.</summary>
    internal List<Beneficiary> Parked { get; } = [];

    internal bool IsRunning { get; set; }

    internal bool IsDone { get; set; }

    /// <summary>Reads one slice. True when there is nothing more to read; <see cref="Finish"/> says what came of it.</summary>
    internal bool Advance(byte[] buffer, long slice)
    {
        for (long end = _length + slice; _length < end;)
        {
            int read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - _length)), _length);
            if (read == 0) return true;
            _hash.AppendData(buffer.AsSpan(0, read));
            _length += read;
            if (_length > (long)id.Size) return true; // It grew.
        }

        return false;
    }

    /// <summary>The hash of what was read, if it is all of what the file holds and held.</summary>
    internal string? Finish() => _length == (long)id.Size && ExecutableId.Of(file) == id ? Convert.ToHexStringLower(_hash.GetHashAndReset()) : null;

    /// <summary>Tells everybody, and closes the file.</summary>
    internal void Complete(string? hash, Exception? failure, long slices)
    {
        DoneAt = slices;
        Dispose();
        if (failure is null) _done.SetResult(hash);
        else _done.SetException(failure);
    }

    public void Dispose()
    {
        _hash.Dispose();
        file.Dispose();
    }
}
