namespace Spiffe.Agent.Audit.Store.Journal;

/// <summary>Memory for frames that wait to be published: a few large blocks that are used again, so that the garbage collector neither copies them nor has them to collect. Safe from several threads.</summary>
/// <remarks>Frames are cut off one behind the other; a block is free again when the last frame in it is returned. What is returned is zeroed.</remarks>
internal sealed class FrameArena
{
    /// <summary>Of a block, in bytes. Ours: half a second of a thousand issuances a second.</summary>
    public const int BlockLength = 1 << 20;

    /// <summary>Free blocks that are kept; more are left to the collector. Ours.</summary>
    private const int MaxFree = 4;

    private readonly Lock _gate = new(); // Guards all below, and the counts of blocks.
    private readonly Stack<Block> _free = [];
    private Block _current = new(BlockLength);

    /// <summary>Memory for one frame.</summary>
    /// <param name="most">How long it can become, in bytes.</param>
    public FrameMemory Rent(int most)
    {
        if (most > BlockLength / 4) return new FrameMemory(this, new Block(most) { Open = 1, Used = most }, 0, most);
        lock (_gate)
        {
            if (BlockLength - _current.Used < most)
            {
                Block full = _current;
                _current = _free.TryPop(out Block? free) ? free : new Block(BlockLength);
                if (full.Open == 0) Keep(full);
            }

            FrameMemory memory = new(this, _current, _current.Used, most);
            _current.Used += most;
            _current.Open++;
            return memory;
        }
    }

    /// <summary>The frame turned out shorter: what is behind it can be used, if nothing has been cut off since.</summary>
    internal FrameMemory Shorten(FrameMemory memory, int length)
    {
        lock (_gate)
        {
            if (memory.Block == _current && memory.Start + memory.Length == _current.Used) _current.Used = memory.Start + length;
        }

        return memory with { Length = length };
    }

    internal void Return(FrameMemory memory)
    {
        memory.Span.Clear();
        lock (_gate)
        {
            Block block = memory.Block;
            if (--block.Open > 0) return;
            if (block == _current) block.Used = 0;
            else if (block.Bytes.Length == BlockLength) Keep(block);
        }
    }

    private void Keep(Block block)
    {
        block.Used = 0;
        if (_free.Count < MaxFree) _free.Push(block);
    }

    /// <summary>A large array, and what is known of it.</summary>
    internal sealed class Block(int length)
    {
        public byte[] Bytes { get; } = new byte[length];

        public int Used { get; set; }

        /// <summary>Frames in it that were not returned.</summary>
        public int Open { get; set; }
    }
}
