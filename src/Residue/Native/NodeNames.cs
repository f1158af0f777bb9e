using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Residue.Native;

/// <summary>The names in a directory, as bytes: those that are no text too.</summary>
internal static unsafe class NodeNames
{
    private const int BufferLength = 1 << 14;
    private const int NameOffset = 19; // struct linux_dirent64: inode, offset, length, type, name.

    /// <summary>Reads the next names into <paramref name="into"/>. False at the end, with 0, or with the errno.</summary>
    public static bool TryReadSome(SafeFileHandle directory, List<byte[]> into, out int error)
    {
        byte[] buffer = new byte[BufferLength];
        nint length;
        fixed (byte* start = buffer) length = Libc.ReadDirectory(directory, start, buffer.Length);
        error = length < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (length <= 0) return false;
        for (int at = 0; at < length;)
        {
            int next = at + BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16));
            ReadOnlySpan<byte> name = buffer.AsSpan((at + NameOffset)..next);
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) into.Add(name.ToArray());
            at = next;
        }

        return true;
    }
}
