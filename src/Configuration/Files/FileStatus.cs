using System.Runtime.InteropServices;

namespace Spiffe.Agent.Configuration.Files;

/// <summary>What <c>statx(2)</c> says of a file: its layout is the same on every architecture.</summary>
/// <param name="Uid">Owner.</param>
/// <param name="Gid">Group.</param>
/// <param name="Mode">Type and permission bits.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Inode">Which file of its file system.</param>
/// <param name="ModifiedSeconds">When its content last changed, since 1970.</param>
/// <param name="ModifiedNanoseconds">The rest of that.</param>
internal readonly partial record struct FileStatus(uint Uid, uint Gid, int Mode, ulong Size, ulong Inode, long ModifiedSeconds, uint ModifiedNanoseconds)
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint BasicStats = 0x7ff; // STATX_BASIC_STATS
    private const int StructSize = 256;
    private const int NoEntry = 2; // ENOENT
    private const int NotDirectory = 20; // ENOTDIR

    /// <summary>Whether it is the same file with the same content: a write or another file in its place differs.</summary>
    public bool IsSameContent(FileStatus other) =>
        Inode == other.Inode && Size == other.Size && ModifiedSeconds == other.ModifiedSeconds && ModifiedNanoseconds == other.ModifiedNanoseconds;

    public bool IsDirectory => (Mode & 0xf000) == 0x4000;

    public bool IsRegular => (Mode & 0xf000) == 0x8000;

    public bool IsLink => (Mode & 0xf000) == 0xa000;

    public bool IsSticky => (Mode & 0x200) != 0;

    /// <summary>False where the path leads nowhere or may not be walked.</summary>
    public static bool TryRead(string path, bool followLink, out FileStatus status) => TryRead(path, followLink, out status, out _);

    /// <summary>As above, and whether there is nothing at the path, rather than something that may not be seen.</summary>
    public static bool TryRead(string path, bool followLink, out FileStatus status, out bool isAbsent)
    {
        Span<byte> stat = stackalloc byte[StructSize];
        stat.Clear();
        status = default;
        isAbsent = false;
        if (StatX(CurrentDirectory, path, followLink ? 0 : NoFollow, BasicStats, ref MemoryMarshal.GetReference(stat)) != 0)
        {
            isAbsent = Marshal.GetLastPInvokeError() is NoEntry or NotDirectory;
            return false;
        }

        status = new FileStatus(
            Native32(stat, 20), Native32(stat, 24), (int)(Native32(stat, 28) & 0xffff), MemoryMarshal.Read<ulong>(stat[40..]),
            MemoryMarshal.Read<ulong>(stat[32..]), MemoryMarshal.Read<long>(stat[112..]), Native32(stat, 120));
        return true;
    }

    private static uint Native32(ReadOnlySpan<byte> stat, int offset) => MemoryMarshal.Read<uint>(stat[offset..]);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatX(int directory, string path, int flags, uint mask, ref byte status);
}
