using Spiffe.Agent.Audit.Disk;

namespace Spiffe.Agent.Tests.Unit.Audit.Store.Disks;

/// <summary>The real directory, with every step written down, and with faults where a test wants them. Fakes nothing else.</summary>
/// <param name="root">The directory.</param>
internal sealed class ScriptedDisk(string root) : ILogDisk
{
    private readonly LogDisk _disk = new(root);
    private readonly Lock _gate = new(); // Guards the steps.
    private readonly List<DiskStep> _steps = [];
    private int _files;

    public string Root => root;

    /// <summary>The number of the error with which a step fails; 0: it does not.</summary>
    public Func<DiskStep, int> Fault { get; set; } = static _ => 0;

    public IReadOnlyList<DiskStep> Steps
    {
        get
        {
            lock (_gate) return [.. _steps];
        }
    }

    public void Acknowledge(long number) => Add(new DiskStep(Call.Acknowledge, Number: number));

    public void MakeDirectory(string path, bool isPrivate = false) => _disk.MakeDirectory(path, isPrivate);

    public ILogFile Create(string path, bool isPrivate = false)
    {
        int file = Interlocked.Increment(ref _files);
        Try(new DiskStep(Call.Create, file, path));
        ILogFile real = _disk.Create(path, isPrivate);
        Add(new DiskStep(Call.Create, file, path));
        return new ScriptedFile(this, real, file, path, AtStart: false);
    }

    public ILogFile Append(string path) => Open(path, _disk.Append, atStart: false);

    public ILogFile Overwrite(string path) => Open(path, _disk.Overwrite, atStart: true);

    public void Rename(string from, string to) => Do(new DiskStep(Call.Rename, Path: from, To: to), () => _disk.Rename(from, to));

    public void Delete(string path) => Do(new DiskStep(Call.Delete, Path: path), () => _disk.Delete(path));

    public void DeleteDirectory(string path)
    {
        if (!Directory.Exists(Path.Combine(root, path))) return;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(root, path)).ToList()) Delete(Path.Combine(path, Path.GetFileName(file)));
        _disk.DeleteDirectory(path);
    }

    public void SyncDirectory(string path) => Do(new DiskStep(Call.SyncDirectory, Path: path), () => _disk.SyncDirectory(path));

    public void Do(DiskStep step, Action run)
    {
        Try(step);
        run();
        Add(step);
    }

    private ScriptedFile Open(string path, Func<string, ILogFile> open, bool atStart)
    {
        DiskStep step = new(Call.Open, Interlocked.Increment(ref _files), path);
        Try(step);
        ILogFile real = open(path);
        Add(step);
        return new ScriptedFile(this, real, step.File, path, atStart);
    }

    private void Try(DiskStep step)
    {
        if (Fault(step) is > 0 and int error) throw new DiskException(step.Call.ToString(), Path.Combine(root, step.Path), error);
    }

    private void Add(DiskStep step)
    {
        lock (_gate) _steps.Add(step);
    }

    private sealed record ScriptedFile(ScriptedDisk Disk, ILogFile Real, int File, string Name, bool AtStart) : ILogFile
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
            byte[] copy = bytes.ToArray();
            Disk.Do(new DiskStep(Call.Write, File, Name, Bytes: copy, AtStart: AtStart), () => Real.Write(copy));
        }

        public void Sync() => Disk.Do(new DiskStep(Call.Sync, File, Name), Real.Sync);

        public void Truncate(long length) => Disk.Do(new DiskStep(Call.Truncate, File, Name, Number: length), () => Real.Truncate(length));

        public void Allocate(long length) => Real.Allocate(length);

        public void Dispose() => Real.Dispose();
    }
}
