using System.Security.Cryptography;
using Spiffe.Agent.Audit.Disk;

namespace Spiffe.Agent.Audit.Store;

/// <summary>Room on the disk that nothing is written to, given up when there is no other: so ends and revocations can still be written down. Safe from many threads.</summary>
/// <remarks>It is made again only where twice as much is free, so that it is not made and given up by turns.</remarks>
/// <param name="disk">The log's.</param>
/// <param name="bytes">How much; 0: none.</param>
internal sealed class Reserve(ILogDisk disk, long bytes)
{
    private const string Name = "reserve";
    private const string Beside = "reserve.new";
    private const int Piece = 64 << 10;

    private readonly Lock _gate = new(); // Guards the files and what is said of them.
    private bool _isHeld;

    /// <summary>Whether the room is there.</summary>
    public bool IsHeld
    {
        get
        {
            lock (_gate) return _isHeld || bytes == 0;
        }
    }

    /// <summary>Takes the room, unless it is held already.</summary>
    /// <exception cref="DiskException">There is no such room.</exception>
    public void Take()
    {
        lock (_gate)
        {
            if (_isHeld || bytes == 0) return;
            FileInfo file = new(Path.Combine(disk.Root, Name));
            if (!file.Exists || file.Length != bytes) Make();
            _isHeld = true;
        }
    }

    /// <summary>Gives the room up.</summary>
    /// <returns>Whether there was any to give up.</returns>
    public bool GiveUp()
    {
        lock (_gate)
        {
            if (!_isHeld) return false;
            _isHeld = false;
            try
            {
                disk.Delete(Name);
                return true;
            }
            catch (DiskException)
            {
                return false;
            }
        }
    }

    private void Make()
    {
        disk.Delete(Name);
        disk.Delete(Beside);

        // Looked at before it is tried: while more is asked for than there is, the little that is left is nobody's, and a record that is owed might find no room.
        if (new DriveInfo(disk.Root).AvailableFreeSpace < 2 * bytes) throw new DiskException("fallocate", Path.Combine(disk.Root, Beside), DiskException.NoRoom);
        try
        {
            using (ILogFile file = disk.Create(Beside, isPrivate: true))
            {
                Fill(file, 2 * bytes);
                file.Truncate(bytes);
                file.Sync();
            }

            disk.Rename(Beside, Name);
        }
        catch (DiskException)
        {
            disk.Delete(Beside);
            throw;
        }
    }

    private static void Fill(ILogFile file, long length)
    {
        try
        {
            file.Allocate(length);
        }
        catch (DiskException e) when (e.IsUnsupported)
        {
            byte[] piece = RandomNumberGenerator.GetBytes(Piece); // Zeros may be stored as nothing.
            for (long written = 0; written < length; written += Piece) file.Write(piece);
        }
    }
}
