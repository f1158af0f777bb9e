using System.Runtime.InteropServices;

namespace Spiffe.Agent.Tests.Conformance.Api;

/// <summary>Who runs these tests.</summary>
internal static partial class TestUser
{
    /// <summary>Effective user id.</summary>
    public static uint Id => geteuid();

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
