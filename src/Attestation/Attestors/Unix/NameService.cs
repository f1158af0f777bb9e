using System.Collections.Concurrent;
using Spiffe.Agent.Attestation.Native;

namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>Names of users and groups as the host's name service switch knows them (files, sssd, LDAP, systemd), remembered for a while.</summary>
/// <remarks>A look-up may wait for a network, so one that is not remembered runs off the caller's thread, and few run at a time.</remarks>
internal sealed class NameService(AttestationOptions options, TimeProvider clock)
{
    /// <summary>Largest entry that is read, in bytes: glibc asks for more room for groups with many members. Ours.</summary>
    private const int MaxEntrySize = 1 << 20;

    /// <summary>Look-ups at one time. Ours: a directory server that hangs must not take the thread pool with it.</summary>
    private const int MaxConcurrentLookups = 4;

    private readonly ConcurrentDictionary<(bool IsUser, uint Id), (string? Name, long ReadAt)> _remembered = new();
    private readonly Slots _slots = new(MaxConcurrentLookups);

    internal ValueTask<string?> UserAsync(uint uid, CancellationToken cancellationToken) => NameAsync((true, uid), cancellationToken);

    internal ValueTask<string?> GroupAsync(uint gid, CancellationToken cancellationToken) => NameAsync((false, gid), cancellationToken);

    private ValueTask<string?> NameAsync((bool IsUser, uint Id) key, CancellationToken cancellationToken) =>
        _remembered.TryGetValue(key, out (string? Name, long ReadAt) known) && clock.GetElapsedTime(known.ReadAt) < options.NameCacheLifetime
            ? new ValueTask<string?>(known.Name)
            : new ValueTask<string?>(LookUpAsync(key, cancellationToken));

    private async Task<string?> LookUpAsync((bool IsUser, uint Id) key, CancellationToken cancellationToken)
    {
        await _slots.TakeAsync(cancellationToken);
        Task<(bool Answered, string? Name)> lookUp = Task.Run(
            () =>
            {
                try
                {
                    return (LookUp(key, out string? name), name);
                }
                finally
                {
                    _slots.Give();
                }
            },
            CancellationToken.None);
        (bool answered, string? name) = await lookUp.WaitAsync(cancellationToken);
        if (!answered) return null;
        if (_remembered.Count >= options.NameCacheSize) _remembered.Clear();
        _remembered[key] = (name, clock.GetTimestamp());
        return name;
    }

    /// <summary>False when the name service failed; true with no name when it answered that there is none.</summary>
    private static unsafe bool LookUp((bool IsUser, uint Id) key, out string? name)
    {
        name = null;
        for (int size = 1024; size <= MaxEntrySize; size *= 4)
        {
            byte[] room = GC.AllocateUninitializedArray<byte>(size);
            fixed (byte* buffer = room)
            {
                byte* found = null;
                int error = key.IsUser ? ReadUser(key.Id, buffer, size, out found) : ReadGroup(key.Id, buffer, size, out found);
                if (error == Libc.OutOfRange) continue;
                if (error == Libc.Interrupted)
                {
                    size /= 4;
                    continue;
                }

                if (found is not null) name = NameFrom(found, buffer + size);
                return error is 0 or Libc.NoEntry or Libc.NoProcess;
            }
        }

        return false;
    }

    private static unsafe int ReadUser(uint uid, byte* buffer, int size, out byte* name)
    {
        PasswdEntry entry;
        PasswdEntry* result = null;
        int error = Libc.UserById(uid, &entry, buffer, (nuint)size, &result);
        name = error == 0 && result is not null ? entry.Name : null;
        return error;
    }

    private static unsafe int ReadGroup(uint gid, byte* buffer, int size, out byte* name)
    {
        GroupEntry entry;
        GroupEntry* result = null;
        int error = Libc.GroupById(gid, &entry, buffer, (nuint)size, &result);
        name = error == 0 && result is not null ? entry.Name : null;
        return error;
    }

    /// <summary>A name that a selector can hold, or null.</summary>
    private static unsafe string? NameFrom(byte* name, byte* end)
    {
        int room = (int)Math.Min(end - name, 1024);
        if (room <= 0) return null;
        int length = new ReadOnlySpan<byte>(name, room).IndexOf((byte)0);
        return length > 0 ? SelectorText.From(new ReadOnlySpan<byte>(name, length)) : null;
    }
}
