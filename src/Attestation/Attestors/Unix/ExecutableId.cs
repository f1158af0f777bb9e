using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Proc;

namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>One state of one file: which inode it is, and size and times in nanoseconds, of which a user cannot set the change time.</summary>
internal readonly record struct ExecutableId(
    uint DeviceMajor, uint DeviceMinor, ulong Inode, ulong Size, long ModifiedSeconds, uint ModifiedNanoseconds, long ChangedSeconds, uint ChangedNanoseconds)
{
    /// <summary>Whether both are the same inode, whatever was written to it since.</summary>
    internal bool IsSameFile(ExecutableId other) => Inode == other.Inode && DeviceMajor == other.DeviceMajor && DeviceMinor == other.DeviceMinor;

    /// <summary>What /proc/PID/exe leads to now; null when it cannot be seen.</summary>
    internal static unsafe ExecutableId? Of(ProcessDirectory directory)
    {
        using SafeFileHandle? file = directory.TryOpenFile("exe\0"u8, Libc.PathOnly, out _);
        return file is null ? null : Of(file);
    }

    /// <summary>The state of an open file; null when it cannot be read.</summary>
    internal static unsafe ExecutableId? Of(SafeFileHandle file)
    {
        StatxBuffer stat;
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            byte empty = 0;
            return Libc.Statx((int)file.DangerousGetHandle(), &empty, Libc.EmptyPath, StatxBuffer.BasicStats, &stat) == 0 ? From(stat) : null;
        }
        finally
        {
            if (added) file.DangerousRelease();
        }
    }

    /// <summary>What a path leads to in this process's own view of the file system; null when nothing is there.</summary>
    internal static unsafe ExecutableId? OfPath(ReadOnlySpan<byte> pathWithNul)
    {
        StatxBuffer stat;
        fixed (byte* path = pathWithNul)
            return Libc.Statx(Libc.AtFdCwd, path, Libc.NoAutomount, StatxBuffer.BasicStats, &stat) == 0 ? From(stat) : null;
    }

    private static ExecutableId From(in StatxBuffer s) =>
        new(s.DeviceMajor, s.DeviceMinor, s.Inode, s.Size, s.ModifiedSeconds, s.ModifiedNanoseconds, s.ChangedSeconds, s.ChangedNanoseconds);
}
