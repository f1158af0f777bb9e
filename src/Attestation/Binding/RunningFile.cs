using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>The file that a process runs, told apart from every other for as long as the process may live, and still itself when it is renamed or deleted, as upgrades do.</summary>
/// <remarks>An inode's number is given again once its file is gone, which a process can arrange: it executes something else in between. Then the time at which the inode was made
/// differs, which nobody can set; where a file system keeps none, the change time counts, and an upgrade shows as a change.</remarks>
internal readonly record struct RunningFile(uint Major, uint Minor, ulong Inode, ulong Size, long Modified, uint ModifiedNanoseconds, long Made, uint MadeNanoseconds)
{
    /// <summary>Null when it may not be seen (CAP_SYS_PTRACE), or nothing runs.</summary>
    internal static RunningFile? Of(PeerProcess peer)
    {
        if (!peer.Directory.TryStatTarget("exe\0"u8, StatxBuffer.BasicStats | StatxBuffer.BirthBit, out StatxBuffer s)) return null;
        (long made, uint nanoseconds) = (s.Mask & StatxBuffer.BirthBit) != 0 ? (s.BirthSeconds, s.BirthNanoseconds) : (s.ChangedSeconds, s.ChangedNanoseconds);
        return new RunningFile(s.DeviceMajor, s.DeviceMinor, s.Inode, s.Size, s.ModifiedSeconds, s.ModifiedNanoseconds, made, nanoseconds);
    }
}
