using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Which inode stands at a name, and of which type it is.</summary>
internal readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode, int FileType)
{
    private const int SocketType = 0xC000;
    private const int SymbolicLinkType = 0xA000;

    internal bool IsSocket => FileType == SocketType;

    internal bool IsSymbolicLink => FileType == SymbolicLinkType;

    /// <summary>What stands at the name itself, links not followed; null when nothing does.</summary>
    internal static unsafe FileIdentity? Of(SafeFileHandle directory, ReadOnlySpan<byte> nameWithNul, int flags = Constants.SymlinkNoFollow)
    {
        StatxBuffer stat;
        fixed (byte* name = nameWithNul)
        {
            return Libc.Statx(directory, name, flags, StatxBuffer.BasicStats, &stat) == 0
                ? new FileIdentity(stat.DeviceMajor, stat.DeviceMinor, stat.Inode, stat.FileType)
                : null;
        }
    }

    /// <summary>What an open descriptor stands for.</summary>
    internal static FileIdentity? Of(SafeFileHandle file) => Of(file, [0], Constants.EmptyPath);
}
