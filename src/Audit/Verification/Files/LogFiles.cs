using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Audit.Verification.Files;

/// <summary>The files of a log's directory, which may be an attacker's: nothing is followed out of it, nothing is waited for, nothing is read beyond its bound.</summary>
/// <remarks>Each part of a path is opened in the one before, never through a link; what is opened must be a regular file. Safe from several threads.</remarks>
internal sealed class LogFiles : IDisposable
{
    /// <summary>Of names, at a time.</summary>
    private const int ListBuffer = 1 << 15;

    private const int NameOffset = 19; // struct linux_dirent64: d_ino, d_off, d_reclen, d_type, d_name
    private const int LengthOffset = 16;

    private readonly SafeFileHandle _top;

    private LogFiles(SafeFileHandle top) => _top = top;

    /// <summary>The directory itself may be named through links: whoever names it chooses it.</summary>
    /// <returns>Null: there is no such directory, or it may not be read.</returns>
    public static LogFiles? Open(string directory)
    {
        int descriptor = Libc.Open(directory, Libc.Directory | Libc.CloseOnExec);
        return descriptor < 0 ? null : new LogFiles(new SafeFileHandle(descriptor, ownsHandle: true));
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Beneath the directory, with slashes; no part of it is a dot or two.</param>
    /// <param name="file">The caller's to dispose, or null.</param>
    public FileOutcome OpenFile(string path, out SafeFileHandle? file)
    {
        FileOutcome outcome = OpenAt(path, Libc.NonBlock | Libc.NoControllingTerminal, out file);
        if (file is null || Libc.IsRegular(file)) return outcome;
        file.Dispose();
        file = null;
        return FileOutcome.Unsafe;
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">As of <see cref="OpenFile"/>.</param>
    /// <param name="most">Most bytes that it can have.</param>
    /// <param name="buffer">Where to; grown where it is too small.</param>
    /// <param name="length">How many bytes were read.</param>
    public FileOutcome Read(string path, int most, ref byte[] buffer, out int length)
    {
        length = 0;
        FileOutcome outcome = OpenFile(path, out SafeFileHandle? file);
        if (file is null) return outcome;
        using (file)
        {
            try
            {
                long size = RandomAccess.GetLength(file);
                if (size > most) return FileOutcome.TooLong;
                if (buffer.Length < size) buffer = new byte[size];
                int read;
                while (length < size && (read = RandomAccess.Read(file, buffer.AsSpan(length, (int)size - length), length)) > 0) length += read;
                return FileOutcome.Done;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return FileOutcome.Unreadable;
            }
        }
    }

    /// <summary>The names in a directory, in no order; dots are left out.</summary>
    /// <param name="path">As of <see cref="OpenFile"/>; empty for the log's own.</param>
    /// <param name="names">Goes on while the caller does.</param>
    public FileOutcome List(string path, out IEnumerable<string> names)
    {
        FileOutcome outcome = OpenAt(path.Length == 0 ? "." : path, Libc.Directory, out SafeFileHandle? directory);
        names = directory is null ? [] : NamesOf(directory);
        return outcome;
    }

    public void Dispose() => _top.Dispose();

    private static IEnumerable<string> NamesOf(SafeFileHandle directory)
    {
        using (directory)
        {
            byte[] buffer = new byte[ListBuffer];
            int length;
            while ((length = Libc.List(directory, buffer)) > 0)
            {
                for (int at = 0; at < length; at += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + LengthOffset)))
                {
                    ReadOnlySpan<byte> name = buffer.AsSpan(at + NameOffset);
                    string text = Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
                    if (text is not ("." or "..")) yield return text;
                }
            }
        }
    }

    private FileOutcome OpenAt(string path, int flags, out SafeFileHandle? handle)
    {
        SafeFileHandle directory = _top;
        handle = null;
        try
        {
            string[] parts = path.Split('/');
            for (int i = 0; i < parts.Length; i++)
            {
                bool isLast = i == parts.Length - 1;
                int descriptor = Libc.OpenAt(directory, parts[i], (isLast ? flags : Libc.PathOnly | Libc.Directory) | Libc.NoFollow | Libc.CloseOnExec);
                int error = Marshal.GetLastPInvokeError();
                if (directory != _top) directory.Dispose();
                if (descriptor < 0) return OutcomeOf(error);
                directory = new SafeFileHandle(descriptor, ownsHandle: true);
            }

            handle = directory;
            return FileOutcome.Done;
        }
        catch
        {
            if (directory != _top) directory.Dispose();
            throw;
        }
    }

    private static FileOutcome OutcomeOf(int error) => error switch
    {
        Libc.NoEntry => FileOutcome.Missing,
        Libc.Loop or Libc.NotDirectory or Libc.IsDirectory or Libc.NoDeviceOrAddress => FileOutcome.Unsafe,
        _ => FileOutcome.Unreadable,
    };
}
