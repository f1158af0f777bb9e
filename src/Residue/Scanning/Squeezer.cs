namespace Spiffe.Agent.Residue.Scanning;

/// <summary>Takes out of text what people and programs put between the characters of one key: line breaks and indents of PEM, colons of hexadecimal dumps, <c>\n</c> in JSON, the zero bytes of UTF-16.</summary>
internal static class Squeezer
{
    private const byte Kept = 0;
    private const byte Dropped = 1;
    private const byte Backslash = 2;
    private const byte Escape = 3;

    // One bit for each pair of the class before and the class of a character: whether it stays.
    private const uint Stays = (1 << ((Kept << 2) | Kept)) | (1 << ((Dropped << 2) | Kept)) | (1 << ((Backslash << 2) | Kept)) | (1 << ((Escape << 2) | Kept))
        | (1 << ((Kept << 2) | Escape)) | (1 << ((Dropped << 2) | Escape)) | (1 << ((Escape << 2) | Escape));

    private static readonly byte[] Classes = MakeClasses();

    /// <summary>Copies what stays, and answers how much that is. Costs the same for every byte.</summary>
    /// <param name="data">The data.</param>
    /// <param name="into">As long as the data.</param>
    /// <param name="before">The last byte before the data; updated.</param>
    public static unsafe int Squeeze(ReadOnlySpan<byte> data, Span<byte> into, ref byte before)
    {
        if (data.IsEmpty) return 0;
        ArgumentOutOfRangeException.ThrowIfLessThan(into.Length, data.Length, nameof(into));
        nuint count = 0;
        fixed (byte* from = data, to = into, classes = Classes)
        {
            uint last = classes[before];
            unchecked
            {
                for (int i = 0; i < data.Length; i++)
                {
                    byte next = from[i];
                    uint kind = classes[next];
                    to[count] = next;
                    count += (Stays >> (int)((last << 2) | kind)) & 1;
                    last = kind;
                }
            }
        }

        before = data[^1];
        return (int)count;
    }

    /// <summary>Whether a byte stays, given the one before it.</summary>
    public static bool Keeps(byte before, byte next) => ((Stays >> ((Classes[before] << 2) | Classes[next])) & 1) != 0;

    private static byte[] MakeClasses()
    {
        byte[] classes = new byte[256];
        foreach (byte dropped in "\0\t\n\v\f\r :"u8) classes[dropped] = Dropped;
        foreach (byte escape in "nrt"u8) classes[escape] = Escape;
        classes['\\'] = Backslash;
        return classes;
    }
}
