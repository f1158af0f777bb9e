using System.Buffers;

namespace Spiffe.Agent.Rpc.Transport.Memory;

/// <summary>A piece of <see cref="SecretMemoryPool"/>. Giving it back twice is harmless.</summary>
internal sealed unsafe class SecretBlock : MemoryManager<byte>
{
    private readonly SecretMemoryPool _pool;
    private int _lent;

    internal SecretBlock(SecretMemoryPool pool, byte* start, int length, bool isPooled)
    {
        _pool = pool;
        Start = start;
        Length = length;
        IsPooled = isPooled;
        _lent = isPooled ? 0 : 1;
    }

    internal byte* Start { get; }

    internal int Length { get; }

    /// <summary>Whether it is a block of a slab and not a mapping of its own.</summary>
    internal bool IsPooled { get; }

    public override Memory<byte> Memory => CreateMemory(Length);

    public override Span<byte> GetSpan()
    {
        // A mapping of its own is gone once it was given back; a block never goes.
        ObjectDisposedException.ThrowIf(!IsPooled && Volatile.Read(ref _lent) == 0, this);
        return new Span<byte>(Start, Length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)Length);
        return new MemoryHandle(Start + elementIndex);
    }

    public override void Unpin()
    {
    }

    internal void Lend() => Volatile.Write(ref _lent, 1);

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _lent, 0) == 1) _pool.Return(this);
    }
}
