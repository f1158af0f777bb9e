using System.Runtime.InteropServices;

namespace Spiffe.Agent.Attestation.Native;

/// <summary><c>struct file_handle</c> with the 8 bytes that kernfs, and so the cgroup file system, takes: a cgroup's id.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct FileHandle
{
    /// <summary>FILEID_KERNFS.</summary>
    internal const int Kernfs = 0xfe;

    [FieldOffset(0)] internal uint Length;
    [FieldOffset(4)] internal int Type;
    [FieldOffset(8)] internal ulong Id;
}
