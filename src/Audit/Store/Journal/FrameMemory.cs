namespace Spiffe.Agent.Audit.Store.Journal;

/// <summary>A piece of a <see cref="FrameArena"/>, which holds one frame.</summary>
internal readonly record struct FrameMemory(FrameArena Arena, FrameArena.Block Block, int Start, int Length)
{
    public Span<byte> Span => Block.Bytes.AsSpan(Start, Length);

    public FrameMemory Shorten(int length) => Arena.Shorten(this, length);

    public void Return() => Arena.Return(this);
}
