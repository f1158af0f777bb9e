using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Spiffe.Agent.Audit.Disk;

/// <summary>The one writer of a log: <c>lock</c>, held by flock(2) until this is disposed or the process is gone. Says which process it is.</summary>
internal sealed class LogLock : IDisposable
{
    private const string Name = "lock";
    private const uint Mode = 0x180; // 0600
    private const int MaxText = 20;

    private readonly DiskFile _file;

    private LogLock(DiskFile file) => _file = file;

    /// <param name="directory">The log's.</param>
    /// <param name="holder">Who holds it instead, for people.</param>
    /// <returns>Null: somebody else holds it.</returns>
    /// <exception cref="DiskException">It cannot be opened, or not locked.</exception>
    public static LogLock? TryTake(string directory, out string holder)
    {
        holder = "";
        string path = Path.Combine(directory, Name);
        DiskFile file = new(path, Libc.ReadWrite | Libc.Create | Libc.NoFollow, Mode);
        if (Libc.Lock(file.Descriptor, Libc.LockExclusive | Libc.LockAtOnce) == 0)
        {
            Sign(file);
            return new LogLock(file);
        }

        int error = Marshal.GetLastPInvokeError();
        Span<byte> text = stackalloc byte[MaxText];
        int length = RandomAccess.Read(file.Descriptor, text, 0);
        file.Dispose();
        if (error != Libc.WouldBlock) throw new DiskException("flock", path, error);
        holder = int.TryParse(Encoding.ASCII.GetString(text[..length]), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int process)
            ? string.Create(CultureInfo.InvariantCulture, $"process {process}") : "another process";
        return null;
    }

    public void Dispose()
    {
        // Not by closing alone: a child that was forked just now has the same file open until its exec, and would hold the lock that long.
        _ = Libc.Lock(_file.Descriptor, Libc.Unlock);
        _file.Dispose();
    }

    private static void Sign(DiskFile file)
    {
        try
        {
            file.Truncate(0);
            file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n")));
        }
        catch (DiskException)
        {
            // On a full disk: the lock holds all the same, it only does not say whose it is.
        }
    }
}
