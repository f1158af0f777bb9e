using System.Runtime.InteropServices;

namespace Spiffe.Agent.Tests.Benchmarks.Daemon;

/// <summary>Who runs this.</summary>
internal static class CallerId
{
    public static uint Effective => geteuid();

    [DllImport("libc")]
    private static extern uint geteuid();
}
