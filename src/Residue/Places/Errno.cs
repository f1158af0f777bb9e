using System.Runtime.InteropServices;

namespace Spiffe.Agent.Residue.Places;

/// <summary>Why the kernel said no, for people.</summary>
internal static class Errno
{
    public static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);
}
