using System.Security.Cryptography;
using Spiffe.Agent.Audit.Store.Journal;

namespace Spiffe.Agent.Tests.Unit.Audit.Store;

/// <summary>Frames never share memory, and what was in one is not found in the next.</summary>
public sealed class FrameArenaTests
{
    private readonly FrameArena _arena = new();

    [Fact]
    public void Frames_are_apart_and_what_was_returned_is_zero_when_it_is_used_again()
    {
        List<(FrameMemory Memory, byte Fill)> held = [];
        for (int i = 0; i < 20_000; i++)
        {
            FrameMemory memory = _arena.Rent(RandomNumberGenerator.GetInt32(1, i % 500 == 0 ? FrameArena.BlockLength : 4_000));
            if (RandomNumberGenerator.GetInt32(2) == 0) memory = memory.Shorten(RandomNumberGenerator.GetInt32(1, memory.Length + 1));
            Assert.False(memory.Span.ContainsAnyExcept((byte)0));
            byte fill = (byte)RandomNumberGenerator.GetInt32(1, 256);
            memory.Span.Fill(fill);
            held.Add((memory, fill));
            while (held.Count > RandomNumberGenerator.GetInt32(0, 1_500)) Return(held);
        }

        while (held.Count > 0) Return(held);
    }

    [Fact]
    public void Frames_that_come_and_go_take_the_same_block_again()
    {
        FrameMemory first = _arena.Rent(1_000);
        FrameArena.Block block = first.Block;
        first.Return();
        for (int i = 0; i < 10_000; i++)
        {
            FrameMemory next = _arena.Rent(1_000);
            Assert.Same(block, next.Block);
            next.Return();
        }
    }

    [Fact]
    public void Blocks_are_used_in_turn_while_a_second_of_frames_waits()
    {
        Queue<FrameMemory> waiting = [];
        HashSet<FrameArena.Block> blocks = [];
        for (int i = 0; i < 50_000; i++)
        {
            waiting.Enqueue(_arena.Rent(2_000).Shorten(1_500));
            blocks.Add(waiting.Peek().Block);
            if (waiting.Count > 1_000) waiting.Dequeue().Return();
        }

        Assert.InRange(blocks.Count, 2, 4);
    }

    private static void Return(List<(FrameMemory Memory, byte Fill)> held)
    {
        (FrameMemory memory, byte fill) = held[0]; // The oldest: as the publisher does.
        Assert.False(memory.Span.ContainsAnyExcept(fill));
        memory.Return();
        held.RemoveAt(0);
    }
}
