using System.Runtime.InteropServices;

namespace Spiffe.Agent.Configuration.Values;

/// <summary>User names of this machine, by whatever its name service knows (NSS).</summary>
internal static partial class UserNames
{
    private const int Range = 34; // ERANGE: the buffer is too small.
    private const int MaxBuffer = 1 << 20;

    /// <summary>The number of the user of this name; null when there is none.</summary>
    public static unsafe uint? Find(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal)) return null;
        for (int size = 4096; size <= MaxBuffer; size *= 4)
        {
            byte[] buffer = new byte[size];
            fixed (byte* text = buffer)
            {
                int error = getpwnam_r(name, out UserRecord record, text, (nuint)size, out UserRecord* found);
                if (error == 0) return found is null ? null : record.Id;
                if (error != Range) return null;
            }
        }

        return null;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int getpwnam_r(string name, out UserRecord record, byte* buffer, nuint size, out UserRecord* found);

    /// <summary>struct passwd of pwd.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct UserRecord
    {
        public readonly nint Name;
        public readonly nint Password;
        public readonly uint Id;
        public readonly uint Group;
        public readonly nint Gecos;
        public readonly nint Home;
        public readonly nint Shell;
    }
}
