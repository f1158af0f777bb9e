using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Attestation.Proc;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>Where the kernel put a program's code, data, heap and stack: drawn anew by each execve(2) where addresses are randomised.</summary>
/// <remarks>Tells an honest exec of the same file. A program that means to hide one could restore the numbers (PR_SET_MM), or load what it likes without any exec: its file
/// is what vouches for it. Titles that programs write (setproctitle) move none of these.</remarks>
internal readonly record struct ExecMark(ulong CodeStart, ulong CodeEnd, ulong StackStart, ulong DataStart, ulong HeapStart)
{
    // start_code, end_code, startstack, start_data, start_brk of proc_pid_stat(5).
    private static readonly int[] Fields = [26, 27, 28, 45, 47];

    /// <summary>Whether the kernel tells: to others it writes 0 and 1.</summary>
    internal bool IsReadable => StackStart != 0;

    /// <summary>Null when the process is gone.</summary>
    internal static ExecMark? Of(PeerProcess peer)
    {
        Span<ulong> value = stackalloc ulong[5];
        return StatFields.TryRead(peer.Directory, Fields, value) ? new ExecMark(value[0], value[1], value[2], value[3], value[4]) : null;
    }
}
