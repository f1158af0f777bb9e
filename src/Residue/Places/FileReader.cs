using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Residue.Native;
using Spiffe.Agent.Residue.Reports;

namespace Spiffe.Agent.Residue.Places;

/// <summary>Reads one file to its end, however it grows meanwhile, without the parts that were never written; and once more unpacked, where it is packed.</summary>
internal sealed unsafe class FileReader(Search search, Unpacker unpacker)
{
    /// <summary>The file was begun in the search.</summary>
    public void Read(PlaceKind place, Node node, string path)
    {
        using SafeFileHandle? file = node.TryRead(out int error);
        if (file is null)
        {
            search.Gap(place, GapReason.NotReadable, path, Errno.Text(error));
            return;
        }

        byte[] head = new byte[Unpacker.HeadLength];
        int known = Math.Max(0, ReadAt(file, head, 0));
        bool isRead = node.IsSparse ? ReadWritten(file, node.Size, out error) : ReadFrom(file, 0, long.MaxValue, out error);
        search.Done(place, path);
        if (!isRead && error != 0) search.Gap(place, GapReason.NotReadable, path, Errno.Text(error));
        if (isRead) unpacker.Read(place, file, head.AsSpan(0, known), path);
    }

    /// <summary>From hole to hole. lseek(2), SEEK_DATA.</summary>
    private bool ReadWritten(SafeFileHandle file, long size, out int error)
    {
        error = 0;
        long at = 0;
        while (true)
        {
            long data = Libc.Seek(file, at, Libc.SeekData);
            if (data < 0)
            {
                error = Marshal.GetLastPInvokeError();
                if (error == Libc.Invalid) return ReadFrom(file, at, long.MaxValue, out error); // A file system that does not tell.
                if (error != Libc.NoSuchAddress) return false;
                error = 0;
                if (size > at) search.FeedZeros(size - at);
                return true;
            }

            search.FeedZeros(data - at);
            long hole = Libc.Seek(file, data, Libc.SeekHole);
            if (!ReadFrom(file, data, hole < 0 ? long.MaxValue : hole, out error)) return false;
            if (hole < 0) return true;
            at = hole;
        }
    }

    /// <summary>False with the errno; or with 0 when the search is over.</summary>
    private bool ReadFrom(SafeFileHandle file, long from, long to, out int error)
    {
        error = 0;
        while (from < to)
        {
            int read = ReadAt(file, search.Buffer.AsSpan(0, (int)Math.Min(search.Buffer.Length, to - from)), from);
            if (read == 0) return true;
            if (read < 0)
            {
                error = -read;
                return false;
            }

            if (!search.Feed(search.Buffer.AsSpan(0, read))) return false;
            from += read;
        }

        return true;
    }

    /// <summary>Bytes read, or less than 0: the errno.</summary>
    private static int ReadAt(SafeFileHandle file, Span<byte> into, long offset)
    {
        fixed (byte* start = into)
        {
            while (true)
            {
                nint read = Libc.ReadAt(file, start, (nuint)into.Length, offset);
                if (read >= 0) return (int)read;
                int error = Marshal.GetLastPInvokeError();
                if (error != Libc.Interrupted) return -error;
            }
        }
    }
}
