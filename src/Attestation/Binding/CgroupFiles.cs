using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>The files of a cgroup, by its open directory: they are that cgroup's or nobody's.</summary>
internal static unsafe class CgroupFiles
{
    internal const int Gone = Libc.NoDevice;
    private const int MaxFlat = 512;

    /// <summary>Opens a file to be read; null with the errno.</summary>
    internal static SafeFileHandle? TryOpen(SafeFileHandle cgroup, ReadOnlySpan<byte> nameWithNul, int flags, out int error)
    {
        fixed (byte* name = nameWithNul)
        {
            int fd = Libc.OpenAt(cgroup, name, flags | Libc.CloseOnExec);
            error = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
            return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
        }
    }

    /// <summary>Whether a file is there.</summary>
    internal static bool Has(SafeFileHandle cgroup, ReadOnlySpan<byte> nameWithNul)
    {
        using SafeFileHandle? file = TryOpen(cgroup, nameWithNul, Libc.PathOnly, out _);
        return file is not null;
    }

    /// <summary>Writes a short word. The errno; 0 is success.</summary>
    internal static int Write(SafeFileHandle cgroup, ReadOnlySpan<byte> nameWithNul, ReadOnlySpan<byte> word)
    {
        using SafeFileHandle? file = TryOpen(cgroup, nameWithNul, Libc.WriteOnly, out int error);
        if (file is null) return error;
        fixed (byte* text = word) return Libc.Write(file, text, (nuint)word.Length) == word.Length ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>The whole of a short file, from its start; null with the errno.</summary>
    internal static string? ReadFlat(SafeFileHandle file, out int error)
    {
        byte* buffer = stackalloc byte[MaxFlat];
        nint read;
        do read = Libc.ReadAt(file, buffer, MaxFlat, 0);
        while (read < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted);
        error = read < 0 ? Marshal.GetLastPInvokeError() : 0;
        return read < 0 ? null : Encoding.ASCII.GetString(buffer, (int)read);
    }

    /// <summary>Waits until a file such as cgroup.events differs from what was read of it last, or the time is over.</summary>
    internal static void WaitForChange(SafeFileHandle file, int milliseconds)
    {
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            PollFd poll = new() { Fd = (int)file.DangerousGetHandle(), Events = Libc.PollPriority };
            _ = Libc.Poll(&poll, 1, milliseconds);
        }
        finally
        {
            if (added) file.DangerousRelease();
        }
    }

    /// <summary>Lets some milliseconds pass.</summary>
    internal static void Pause(int milliseconds) => _ = Libc.Poll(null, 0, milliseconds);

    /// <summary>Whether a flat-keyed file such as cgroup.events has this line.</summary>
    internal static bool Says(string text, string line) => text.Split('\n').Contains(line, StringComparer.Ordinal);
}
