using System.Security.Cryptography;
using Spiffe.Agent.Authority.Revocation;

namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>One status list: the states, and which places are free. Not for several threads: <see cref="StatusLists"/> guards it.</summary>
internal sealed class StatusList
{
    /// <summary>Places in a list. Ours: 4 KiB of states, so that its token stays below 16 KiB however they look.</summary>
    public const int Capacity = 16 * 1024;

    private readonly byte[] _statuses = new byte[Capacity / StatusBits.PerByte];
    private readonly StatusPlace[] _places = new StatusPlace[Capacity];
    private readonly ushort[] _free = new ushort[Capacity]; // The first _freeCount of them, in no order.
    private int _freeCount = Capacity;

    public StatusList()
    {
        for (int i = 0; i < Capacity; i++) _free[i] = (ushort)i;
    }

    /// <summary>Another number whenever a state is another.</summary>
    public long Version { get; private set; } = 1;

    public bool IsFull => _freeCount == 0;

    /// <summary>Takes any free place, each as likely as the other: places that follow each other would tell which tokens were minted together (§12.5).</summary>
    public int Reserve()
    {
        int drawn = RandomNumberGenerator.GetInt32(_freeCount);
        int index = _free[drawn];
        _free[drawn] = _free[--_freeCount];
        _places[index] = StatusPlace.Reserved;
        return index;
    }

    /// <summary>Moves a place on, if it is where it should be.</summary>
    public bool TryMove(int index, StatusPlace from, StatusPlace to)
    {
        if (index is < 0 or >= Capacity || _places[index] != from) return false;
        _places[index] = to;
        if (to == StatusPlace.Free) _free[_freeCount++] = (ushort)index;
        return true;
    }

    public void Set(int index, CredentialStatus status)
    {
        if (StatusBits.Get(_statuses, index) == (int)status) return;
        StatusBits.Set(_statuses, index, (int)status);
        Version++;
    }

    public byte[] Copy() => [.. _statuses];
}
