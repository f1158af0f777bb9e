using System.Buffers;
using Spiffe.Agent.Rpc.Transport.Memory;

namespace Spiffe.Agent.Tests.Unit.Transport;

public sealed class SecretMemoryPoolTests
{
    [Fact]
    public void Returned_block_is_zeroed()
    {
        SecretMemoryPool pool = new(4);
        IMemoryOwner<byte> block = pool.Rent();
        Memory<byte> memory = block.Memory;
        memory.Span.Fill(0xAA);

        block.Dispose();

        Assert.False(memory.Span.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Block_given_back_twice_is_lent_once()
    {
        SecretMemoryPool pool = new(4);
        IMemoryOwner<byte> block = pool.Rent();
        block.Dispose();
        block.Dispose();

        IMemoryOwner<byte> first = pool.Rent(), second = pool.Rent();

        Assert.NotSame(first, second);
        Assert.Equal(2, pool.Rented);
    }

    [Fact]
    public void After_a_burst_only_the_warm_blocks_keep_memory()
    {
        SecretMemoryPool pool = new(8);
        IMemoryOwner<byte>[] burst = [.. Enumerable.Range(0, 1000).Select(_ => pool.Rent())];
        foreach (IMemoryOwner<byte> block in burst) block.Memory.Span.Fill(1);
        foreach (IMemoryOwner<byte> block in burst) block.Dispose();

        Assert.Equal(8, pool.Warm);
        Assert.Equal(0, pool.Rented);
        Assert.All(burst, block => Assert.Equal(0, block.Memory.Span[17]));
    }

    [Fact]
    public void Large_buffer_has_a_mapping_of_its_own_that_ends_with_it()
    {
        SecretMemoryPool pool = new(1);
        IMemoryOwner<byte> large = pool.Rent(100_000);
        Assert.True(large.Memory.Length >= 100_000);
        large.Memory.Span.Fill(7);

        large.Dispose();

        Assert.Throws<ObjectDisposedException>(() => large.Memory.Span.Length);
    }

    [Fact]
    public void Buffers_stay_out_of_core_dumps()
    {
        SecretMemoryPool pool = new(1);
        using IMemoryOwner<byte> block = pool.Rent();
        using MemoryHandle pin = block.Memory.Pin();
        long address;
        unsafe
        {
            address = (long)pin.Pointer;
        }

        string flags = "";
        bool inside = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string[] range = line.Split(' ')[0].Split('-');
            if (range.Length == 2 && long.TryParse(range[0], System.Globalization.NumberStyles.HexNumber, null, out long start)
                && long.TryParse(range[1], System.Globalization.NumberStyles.HexNumber, null, out long end)) inside = address >= start && address < end;
            if (inside && line.StartsWith("VmFlags:", StringComparison.Ordinal)) flags = line;
        }

        Assert.Contains(" dd", flags, StringComparison.Ordinal);
    }
}
