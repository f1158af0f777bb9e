using System.Globalization;
using System.Runtime.InteropServices;

namespace Spiffe.Agent.Audit.Disk;

/// <summary>Who may change a file or directory: statx(2), whose layout is the same on every architecture.</summary>
internal static class FileOwner
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint BasicStats = 0x7ff; // STATX_BASIC_STATS
    private const int StructSize = 256;
    private const int UserOffset = 20;
    private const int ModeOffset = 28;

    /// <summary>Says what is wrong with the rights of a file; empty: nothing is.</summary>
    /// <param name="path">Whole path.</param>
    /// <param name="refused">Bits of the mode that it must not have.</param>
    /// <exception cref="DiskException">It cannot be looked at.</exception>
    public static string FaultOf(string path, UnixFileMode refused)
    {
        Span<byte> status = stackalloc byte[StructSize];
        status.Clear();
        if (Libc.StatX(CurrentDirectory, path, 0, BasicStats, ref MemoryMarshal.GetReference(status)) != 0) throw new DiskException("statx", path, Marshal.GetLastPInvokeError());
        uint user = MemoryMarshal.Read<uint>(status[UserOffset..]);
        ushort mode = MemoryMarshal.Read<ushort>(status[ModeOffset..]);
        if (user != Libc.EffectiveUser()) return string.Create(CultureInfo.InvariantCulture, $"is owned by user {user}, not by the daemon's user {Libc.EffectiveUser()}");
        return (mode & (int)refused) != 0 ? $"has mode {Convert.ToString(mode & 0xFFF, 8)}, so that others may {((refused & UnixFileMode.GroupRead) != 0 ? "read or change" : "change")} it" : "";
    }
}
