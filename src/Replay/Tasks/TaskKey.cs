namespace Spiffe.Agent.Replay.Tasks;

/// <summary>A task's id as a number: what 26 letters of base32 say, without a text of its own.</summary>
internal readonly record struct TaskKey(UInt128 Bits)
{
    private const int Length = 26;

    /// <summary>Reads an id as <see cref="Agent.Tasks.TaskId"/> writes it, and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out TaskKey key)
    {
        key = default;
        if (text.Length != Length) return false;
        UInt128 bits = 0;
        for (int i = 0; i < Length; i++)
        {
            int value = text[i] switch
            {
                >= (byte)'a' and <= (byte)'z' => text[i] - 'a',
                >= (byte)'2' and <= (byte)'7' => text[i] - '2' + 26,
                _ => -1,
            };
            if (value < 0 || (i == Length - 1 && (value & 0x3) != 0)) return false;
            bits = unchecked(i == Length - 1 ? (bits << 3) | (uint)(value >> 2) : (bits << 5) | (uint)value);
        }

        key = new TaskKey(bits);
        return true;
    }
}
