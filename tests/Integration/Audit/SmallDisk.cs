using System.Diagnostics;

namespace Spiffe.Agent.Tests.Integration.Audit;

/// <summary>A file system of its own, a megabyte large, in memory; unmounted when this is disposed. Needs root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int NoSpace = 28; // ENOSPC

    private readonly string _place = Directory.CreateTempSubdirectory("small-").FullName;

    public SmallDisk() => Run("mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "none", _place);

    public string Log => Path.Combine(_place, "audit");

    private string Filler => Path.Combine(_place, "filler");

    /// <summary>Takes all the room there is, but for so many bytes. Whoever else writes meanwhile makes it full a little sooner, where nothing is spared.</summary>
    public void Fill(int spared = 0)
    {
        long free = new DriveInfo(_place).AvailableFreeSpace - spared;
        using FileStream filler = new(Filler, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            if (free > 0) filler.Write(new byte[free]);
        }
        catch (IOException e) when (spared == 0 && e.HResult == NoSpace)
        {
            // Full, which is what was wanted: the log took some of what was free just now.
        }
    }

    public void Free() => File.Delete(Filler);

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", _place);

    public void Dispose()
    {
        Run("umount", _place);
        Directory.Delete(_place);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
