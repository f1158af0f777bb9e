using System.Runtime.InteropServices;

namespace Spiffe.Agent.Cli.Connection;

/// <summary>The process that started this one.</summary>
internal static partial class ParentProcess
{
    public static int Id => getppid();

    [LibraryImport("libc")]
    private static partial int getppid();
}
