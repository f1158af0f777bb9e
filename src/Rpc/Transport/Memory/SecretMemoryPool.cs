using System.Buffers;

namespace Spiffe.Agent.Rpc.Transport.Memory;

/// <summary>Buffers that private keys and tokens may pass through: outside the garbage collector's reach (nothing copies them), kept out of core dumps
/// (MADV_DONTDUMP), and zeroed when they come back.</summary>
/// <remarks>Blocks of one page, cut from slabs of 256. Up to a limit free blocks stay warm; beyond it their memory goes back to the kernel at once (MADV_DONTNEED, which
/// also zeroes), while the address stays ours, so that a late reader of a returned block sees zeros and never somebody else's memory.
/// Larger buffers, which no caller in steady state asks for, get a mapping of their own that goes when they do.</remarks>
internal sealed unsafe class SecretMemoryPool : MemoryPool<byte>
{
    /// <summary>Size of a block, in bytes: a page, and what Kestrel's own pool uses.</summary>
    internal const int BlockSize = 4096;

    private const int BlocksPerSlab = 256;

    private readonly Lock _lock = new(); // guards the two stacks
    private readonly SecretBlock[] _warm;
    private readonly Stack<SecretBlock> _cold = new();
    private readonly int _blockSize = Math.Max(BlockSize, Environment.SystemPageSize);
    private int _warmCount;
    private int _rented;

    /// <param name="warmBlocks">Free blocks that stay in memory.</param>
    internal SecretMemoryPool(int warmBlocks) => _warm = new SecretBlock[warmBlocks];

    /// <summary>Any size is served from here, so that no caller falls back to the shared array pool.</summary>
    public override int MaxBufferSize => int.MaxValue;

    /// <summary>Blocks and larger buffers that are out.</summary>
    internal int Rented => Volatile.Read(ref _rented);

    /// <summary>Free blocks that hold memory.</summary>
    internal int Warm
    {
        get
        {
            lock (_lock) return _warmCount;
        }
    }

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        Interlocked.Increment(ref _rented);
        if (minBufferSize > _blockSize) return new SecretBlock(this, MappedMemory.Map(minBufferSize), minBufferSize, isPooled: false);

        SecretBlock block;
        lock (_lock)
        {
            if (_warmCount > 0) block = _warm[--_warmCount];
            else if (!_cold.TryPop(out block!)) block = AddSlab();
        }

        block.Lend();
        return block;
    }

    /// <summary>Takes a block back. Called once for each time it was lent.</summary>
    internal void Return(SecretBlock block)
    {
        Interlocked.Decrement(ref _rented);
        if (!block.IsPooled)
        {
            new Span<byte>(block.Start, block.Length).Clear();
            MappedMemory.Unmap(block.Start, block.Length);
            return;
        }

        new Span<byte>(block.Start, block.Length).Clear();
        lock (_lock)
        {
            if (_warmCount < _warm.Length)
            {
                _warm[_warmCount++] = block;
                return;
            }
        }

        MappedMemory.GiveBack(block.Start, block.Length);
        lock (_lock) _cold.Push(block);
    }

    /// <summary>The pool lives as long as the process; what it mapped is never unmapped, so that nothing can be read through a stale buffer.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    /// <summary>Maps a slab, keeps all its blocks but one and returns that.</summary>
    private SecretBlock AddSlab()
    {
        byte* slab = MappedMemory.Map(BlocksPerSlab * _blockSize);
        for (int i = BlocksPerSlab - 1; i > 0; i--) _cold.Push(new SecretBlock(this, slab + (i * _blockSize), _blockSize, isPooled: true));
        return new SecretBlock(this, slab, _blockSize, isPooled: true);
    }
}
