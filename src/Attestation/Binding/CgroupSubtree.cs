using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>The processes of a cgroup and of all below it. Names are taken as bytes, so that none is overlooked for what it is called.</summary>
internal static unsafe class CgroupSubtree
{
    /// <summary>Directories looked into. Ours: the kernel's default is no limit; runtimes make a handful in each container.</summary>
    internal const int MaxDirectories = 8192;

    /// <summary>Processes listed. Ours: Linux's default pid_max on small machines.</summary>
    internal const int MaxProcesses = 32_768;

    private const int Chunk = 16 * 1024;

    /// <summary>Lists them, each once. False when not all can be seen, or there are more than may be: then those that were found.</summary>
    /// <remarks>A zombie is not listed. One process may be moved from below while this looks above: whoever needs all looks twice.</remarks>
    internal static bool TryList(SafeFileHandle top, HashSet<int> processes)
    {
        int directories = 0;
        return Visit(top, processes, ref directories);
    }

    private static bool Visit(SafeFileHandle directory, HashSet<int> processes, ref int directories)
    {
        if (++directories > MaxDirectories) return false;
        bool whole = ReadProcesses(directory, processes);
        if (!TryReadChildren(directory, out List<byte[]> children)) return false;
        foreach (byte[] name in children)
        {
            using SafeFileHandle? child = CgroupFiles.TryOpen(directory, name, Libc.ReadOnly | Libc.Directory | Libc.OpenNoFollow, out int error);
            if (child is null) whole &= IsGone(error);
            else whole &= Visit(child, processes, ref directories);
        }

        return whole;
    }

    private static bool ReadProcesses(SafeFileHandle directory, HashSet<int> processes)
    {
        using SafeFileHandle? file = CgroupFiles.TryOpen(directory, "cgroup.procs\0"u8, Libc.ReadOnly, out int error);
        if (file is null) return IsGone(error);
        byte[] buffer = new byte[Chunk];
        StringBuilder text = new();
        while (true)
        {
            nint read;
            fixed (byte* start = buffer) read = Libc.Read((int)file.DangerousGetHandle(), start, Chunk);
            // A threaded cgroup (cgroups(7)) cannot be asked: its processes stand in the domain above.
            if (read < 0) return Marshal.GetLastPInvokeError() is var fault && (fault == Libc.NotSupported || IsGone(fault));
            if (read == 0) break;
            text.Append(Encoding.ASCII.GetString(buffer, 0, (int)read));
        }

        foreach (string line in text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // 0 is a process that this pid namespace cannot see.
            if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) || pid == 0 || processes.Count >= MaxProcesses) return false;
            processes.Add(pid);
        }

        return true;
    }

    /// <summary>Names of the directories in it, each with a zero byte at the end: getdents64(2).</summary>
    private static bool TryReadChildren(SafeFileHandle directory, out List<byte[]> names)
    {
        names = [];
        // A description of its own: the position of a shared one would be another reader's too.
        using SafeFileHandle? listing = CgroupFiles.TryOpen(directory, ".\0"u8, Libc.ReadOnly | Libc.Directory, out int error);
        if (listing is null) return IsGone(error);
        byte[] buffer = new byte[Chunk];
        while (true)
        {
            int read;
            fixed (byte* start = buffer) read = (int)Libc.SystemCall(Libc.ReadDirectory, listing, (nint)start, Chunk, 0);
            if (read < 0) return IsGone(Marshal.GetLastPInvokeError());
            if (read == 0) return true;
            for (int at = 0; at < read;)
            {
                // struct linux_dirent64: ino, off, reclen, type, name.
                ReadOnlySpan<byte> entry = buffer.AsSpan(at);
                entry = entry[..BinaryPrimitives.ReadUInt16LittleEndian(entry[16..])];
                ReadOnlySpan<byte> name = entry[19..];
                name = name[..(name.IndexOf((byte)0) + 1)];
                const byte IsDirectory = 4; // DT_DIR, which kernfs always tells.
                if (entry[18] == IsDirectory && !name.SequenceEqual(".\0"u8) && !name.SequenceEqual("..\0"u8))
                {
                    if (names.Count >= MaxDirectories) return false;
                    names.Add(name.ToArray());
                }

                at += entry.Length;
            }
        }
    }

    private static bool IsGone(int error) => error is Libc.NoEntry or CgroupFiles.Gone;
}
