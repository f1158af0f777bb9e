using System.Runtime.InteropServices;
using Spiffe.Agent.Audit.Disk;

namespace Spiffe.Agent.Tests.Unit.Audit.Store;

/// <summary>Who lets go of a log has let go of it at once.</summary>
public sealed class LogLockTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lock-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Lock_that_was_let_go_of_is_free_although_a_fork_has_its_file_open_still()
    {
        LogLock held = LogLock.TryTake(_directory, out _)!;
        string file = Path.Combine(_directory, "lock");
        int descriptor = int.Parse(Path.GetFileName(Directory.GetFiles("/proc/self/fd").First(link => new FileInfo(link).LinkTarget == file)), System.Globalization.CultureInfo.InvariantCulture);
        int copy = dup(descriptor); // What a child has between fork and exec.
        try
        {
            Assert.Null(LogLock.TryTake(_directory, out string holder));
            Assert.Contains("process", holder, StringComparison.Ordinal);
            held.Dispose();
            using LogLock? again = LogLock.TryTake(_directory, out _);
            Assert.NotNull(again);
        }
        finally
        {
            _ = close(copy);
        }
    }

    [DllImport("libc")]
    private static extern int dup(int descriptor);

    [DllImport("libc")]
    private static extern int close(int descriptor);
}
