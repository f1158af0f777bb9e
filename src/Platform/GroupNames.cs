using System.Globalization;
using System.Runtime.InteropServices;

namespace Spiffe.Agent.Platform;

/// <summary>Group names of this machine, by whatever its name service knows (NSS).</summary>
public static partial class GroupNames
{
    private const int Range = 34; // ERANGE: the buffer is too small.
    private const int MaxBuffer = 1 << 20;

    /// <summary>The number of a group that is given by name or number; null when no such group exists.</summary>
    public static unsafe uint? Find(string group)
    {
        if (uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)) return number;
        for (int size = 4096; size <= MaxBuffer; size *= 4)
        {
            byte[] buffer = new byte[size];
            fixed (byte* text = buffer)
            {
                int error = getgrnam_r(group, out GroupRecord record, text, (nuint)size, out GroupRecord* found);
                if (error == 0) return found is null ? null : record.Id;
                if (error != Range) return null;
            }
        }

        return null;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int getgrnam_r(string name, out GroupRecord record, byte* buffer, nuint size, out GroupRecord* found);

    /// <summary>struct group of grp.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct GroupRecord
    {
        public readonly nint Name;
        public readonly nint Password;
        public readonly uint Id;
        public readonly nint Members;
    }
}
