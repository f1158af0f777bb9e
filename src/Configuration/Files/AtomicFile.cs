using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Configuration.Files;

/// <summary>Puts a whole file in place of another: whoever reads it, also after a crash, sees the old one or the new one.</summary>
internal static partial class AtomicFile
{
    private const int ReadDirectory = 0x10000 | 0x80000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC on x86-64
    private const int ReadDirectoryArm = 0x4000 | 0x80000; // the same on arm64

    /// <summary>Writes beside the file (mode 0600, never through a link), makes it safe on the disk, and renames it: rename(2) is atomic.</summary>
    /// <exception cref="IOException">The file is what it was before.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string beside = path + ".new";
        File.Delete(beside); // What a crash left. CreateNew follows no link that somebody puts there meanwhile.
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        try
        {
            using (FileStream file = new(beside, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>Makes the renaming itself safe on the disk.</summary>
    /// <exception cref="IOException">The new file is in place, and may be the old one again after a loss of power.</exception>
    public static void FlushDirectory(string directory)
    {
        int flags = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? ReadDirectoryArm : ReadDirectory;
        int descriptor = Open(directory, flags);
        if (descriptor < 0) throw new IOException($"directory '{directory}' cannot be opened: errno {Marshal.GetLastPInvokeError()}");
        using SafeFileHandle handle = new(descriptor, ownsHandle: true);
        if (Synchronise(handle) != 0) throw new IOException($"directory '{directory}' cannot be made safe: errno {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronise(SafeFileHandle descriptor);
}
