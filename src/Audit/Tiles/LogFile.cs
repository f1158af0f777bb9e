using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Audit.Tiles;

/// <summary>Puts a whole file of a log in its place, so that it is there whole or not at all, also after a loss of power.</summary>
internal static partial class LogFile
{
    private const int ReadDirectory = 0x10000 | 0x80000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC on x86-64
    private const int ReadDirectoryArm = 0x4000 | 0x80000; // the same on arm64

    /// <summary>Owner and group may read it; only the owner writes.</summary>
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private const UnixFileMode DirectoryMode = Mode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute;

    /// <summary>Writes beside the file, makes that safe on the disk, renames it, and makes the renaming safe. Directories beneath the log's are made.</summary>
    /// <param name="directory">The log's; it exists.</param>
    /// <param name="path">Beneath it.</param>
    /// <param name="content">All of it.</param>
    /// <exception cref="IOException">It cannot be written. The file is what it was before, or already the new one.</exception>
    public static void Write(string directory, string path, ReadOnlySpan<byte> content)
    {
        string file = Path.Combine(directory, path);
        MakeParents(directory, Path.GetDirectoryName(path)!);
        string beside = file + ".new";
        File.Delete(beside); // What a crash left.
        try
        {
            using (FileStream stream = new(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Mode, BufferSize = 0 }))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, file, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }

        Flush(Path.GetDirectoryName(file)!);
    }

    /// <summary>Removes a file, and makes that safe on the disk.</summary>
    /// <exception cref="IOException">It cannot be removed, or not safely.</exception>
    public static void Delete(string directory, string path)
    {
        string file = Path.Combine(directory, path);
        File.Delete(file);
        Flush(Path.GetDirectoryName(file)!);
    }

    private static void MakeParents(string directory, string below)
    {
        string full = Path.Combine(directory, below);
        if (below.Length == 0 || Directory.Exists(full)) return;
        string above = Path.GetDirectoryName(below)!;
        MakeParents(directory, above);
        Directory.CreateDirectory(full, DirectoryMode);
        Flush(Path.Combine(directory, above));
    }

    private static void Flush(string directory)
    {
        int descriptor = Open(directory, RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? ReadDirectoryArm : ReadDirectory);
        if (descriptor < 0) throw new IOException($"directory '{directory}' cannot be opened: errno {Marshal.GetLastPInvokeError()}");
        using SafeFileHandle handle = new(descriptor, ownsHandle: true);
        if (Synchronise(handle) != 0) throw new IOException($"directory '{directory}' cannot be made safe: errno {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronise(SafeFileHandle descriptor);
}
