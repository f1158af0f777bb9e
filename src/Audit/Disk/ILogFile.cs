namespace Spiffe.Agent.Audit.Disk;

/// <summary>A file that is being written, from its end on.</summary>
internal interface ILogFile : IDisposable
{
    /// <summary>Writes behind what was written.</summary>
    /// <exception cref="DiskException">It cannot be written; a part of it may have been.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Makes what was written safe on the disk.</summary>
    /// <exception cref="DiskException">Nobody knows whether it is; asking again would not tell, as the kernel reports a loss once.</exception>
    void Sync();

    /// <exception cref="DiskException">It cannot be made shorter.</exception>
    void Truncate(long length);

    /// <summary>Takes room on the disk, as much as the file shall have.</summary>
    /// <exception cref="DiskException">There is not that much.</exception>
    void Allocate(long length);
}
