using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Scheduling;

namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>Hashes files in slices, by turns of users and of their processes: a user with a thousand huge programs delays the first program of another by a few slices.</summary>
/// <param name="workers">Slices read at one time.</param>
/// <param name="sliceSize">Bytes.</param>
/// <param name="hashed">Called with each hash and the user who asked first, before anybody hears of it: also when nobody waits any more.</param>
internal sealed class HashScheduler(int workers, long sliceSize, Action<ExecutableId, string, uint> hashed)
{
    /// <summary>Files of one process that wait. Ours: a process runs one program, and may have left a few behind by exec.</summary>
    internal const int MaxFilesPerProcess = 4;

    /// <summary>Files of one user that wait. Ours: more different programs do not start at one time.</summary>
    internal const int MaxFilesPerUser = 32;

    /// <summary>Files that wait in all. Ours: each holds a descriptor.</summary>
    internal const int MaxFiles = 512;

    private const int BufferSize = 128 * 1024;

    private static readonly Func<uint, bool> Anybody = static _ => true;

    private readonly Lock _gate = new(); // Guards all below, and the notes on each job.
    private readonly FairQueue<HashJob> _turns = new(MaxFilesPerProcess, MaxFilesPerUser, MaxFiles);
    private readonly Dictionary<ExecutableId, HashJob> _jobs = [];
    private int _working;
    private long _slices;

    /// <summary>Slices read since the start.</summary>
    internal long Slices => Volatile.Read(ref _slices);

    /// <summary>The hashing of this state of this file, begun or joined; null when the user has as many waiting as he may. The handle is the scheduler's from here on.</summary>
    internal HashJob? Ask(SafeFileHandle file, ExecutableId id, Beneficiary who)
    {
        lock (_gate)
        {
            bool joins = _jobs.TryGetValue(id, out HashJob? job);
            job ??= new HashJob(file, id, who.UserId, _slices);
            if (joins) file.Dispose();
            if (!job.Users.Contains(who.UserId) && !_turns.TryAdd(who, job))
            {
                if (!joins) job.Dispose();
                return null;
            }

            job.Users.Add(who.UserId);
            _jobs[id] = job;
            if (_working < workers)
            {
                _working++;
                _ = Task.Run(Work);
            }

            return job;
        }
    }

    private void Work()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (TakeTurn(out Beneficiary who) is { } job) ReadSlice(job, who, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void ReadSlice(HashJob job, Beneficiary who, byte[] buffer)
    {
        bool isDone = true;
        string? hash = null;
        Exception? failure = null;
        try
        {
            isDone = job.Advance(buffer, sliceSize);
            if (isDone) hash = job.Finish();
            if (hash is not null) hashed(job.Id, hash, job.FirstUserId);
        }
#pragma warning disable CA1031 // Whoever waits gets the failure, whatever it is.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            failure = thrown;
        }

        EndTurn(job, who, isDone);
        if (isDone) job.Complete(hash, failure, Slices);
    }

    /// <summary>The next file to read of; null when there is none, and this worker goes.</summary>
    private HashJob? TakeTurn(out Beneficiary who)
    {
        lock (_gate)
        {
            while (_turns.TryTake(Anybody, out who, out HashJob? job))
            {
                if (job.IsDone) continue;
                if (job.IsRunning)
                {
                    job.Parked.Add(who);
                    continue;
                }

                job.IsRunning = true;
                return job;
            }

            _working--;
            return null;
        }
    }

    private void EndTurn(HashJob job, Beneficiary who, bool isDone)
    {
        lock (_gate)
        {
            Volatile.Write(ref _slices, _slices + 1);
            job.IsRunning = false;
            job.IsDone = isDone;
            if (isDone)
            {
                _jobs.Remove(job.Id);
                return;
            }

            _turns.Return(who, job);
            foreach (Beneficiary parked in job.Parked) _turns.Return(parked, job);
            job.Parked.Clear();
        }
    }
}
