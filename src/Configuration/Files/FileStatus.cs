using System.Runtime.InteropServices;

namespace Spiffe.Agent.Configuration.Files;

/// <summary>What <c>statx(2)</c> says of a file: its layout is the same on every architecture.</summary>
internal readonly partial record struct FileStatus(uint Uid, uint Gid, int Mode, ulong Size)
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint BasicStats = 0x7ff; // STATX_BASIC_STATS
    private const int StructSize = 256;

    public bool IsDirectory => (Mode & 0xf000) == 0x4000;

    public bool IsRegular => (Mode & 0xf000) == 0x8000;

    public bool IsLink => (Mode & 0xf000) == 0xa000;

    public bool IsSticky => (Mode & 0x200) != 0;

    /// <summary>False where the path leads nowhere or may not be walked.</summary>
    public static bool TryRead(string path, bool followLink, out FileStatus status)
    {
        Span<byte> stat = stackalloc byte[StructSize];
        stat.Clear();
        status = default;
        if (StatX(CurrentDirectory, path, followLink ? 0 : NoFollow, BasicStats, ref MemoryMarshal.GetReference(stat)) != 0) return false;
        status = new FileStatus(Native32(stat, 20), Native32(stat, 24), (int)(Native32(stat, 28) & 0xffff), MemoryMarshal.Read<ulong>(stat[40..]));
        return true;
    }

    private static uint Native32(ReadOnlySpan<byte> stat, int offset) => MemoryMarshal.Read<uint>(stat[offset..]);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, ref byte status);
}
