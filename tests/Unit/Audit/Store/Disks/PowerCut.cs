namespace Spiffe.Agent.Tests.Unit.Audit.Store.Disks;

/// <summary>
/// What a disk may hold when power is lost between two steps: content that was synchronised for certain, of the rest any blocks; names likewise. It
/// fakes a file system that promises no more than POSIX: real ones keep some order, which we must not rely on.
/// </summary>
/// <param name="seed">Which of the many.</param>
internal sealed class PowerCut(int seed)
{
    private const int Block = 512;

    private readonly Dictionary<int, (byte[] Safe, byte[] Now)> _files = [];
    private readonly Dictionary<string, int> _safeNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal); // As the running system sees them.
    private readonly List<(string Directory, Action<Dictionary<string, int>> Apply)> _pending = [];
    private readonly Dictionary<int, int> _opened = []; // Open files that others made.
    private uint _state = (uint)seed;

    /// <summary>Makes a directory of what is left after the first so many steps.</summary>
    public void Leave(IEnumerable<DiskStep> steps, string directory)
    {
        foreach (DiskStep step in steps) Follow(step);
        bool isOrdered = Draw(2) == 0;
        int kept = Draw(_pending.Count + 1);
        for (int i = 0; i < _pending.Count; i++)
        {
            if (isOrdered ? i < kept : Draw(2) == 0) _pending[i].Apply(_safeNames);
        }

        foreach ((string path, int file) in _safeNames)
        {
            string whole = Path.Combine(directory, path);
            Directory.CreateDirectory(Path.GetDirectoryName(whole)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.WriteAllBytes(whole, Torn(_files[file]));
            File.SetUnixFileMode(whole, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private void Follow(DiskStep step)
    {
        int file = _opened.GetValueOrDefault(step.File, step.File);
        switch (step.Call)
        {
            case Call.Create:
                _files[file] = ([], []);
                Name(step.Path, names => names[step.Path] = file);
                break;
            case Call.Open:
                _opened[file] = _names[step.Path];
                break;
            case Call.Write:
                (byte[] safe, byte[] now) = _files[file];
                byte[] written = step.AtStart ? [.. step.Bytes!, .. now.AsSpan(Math.Min(now.Length, step.Bytes!.Length))] : [.. now, .. step.Bytes!];
                _files[file] = (safe, written);
                break;
            case Call.Truncate:
                _files[file] = (_files[file].Safe, _files[file].Now[..Math.Min(_files[file].Now.Length, (int)step.Number)]);
                break;
            case Call.Sync:
                _files[file] = (_files[file].Now, _files[file].Now);
                break;
            case Call.Rename:
                int moved = _names[step.Path];
                Name(step.To, names =>
                {
                    names.Remove(step.Path);
                    names[step.To] = moved;
                });
                break;
            case Call.Delete:
                Name(step.Path, names => names.Remove(step.Path));
                break;
            case Call.SyncDirectory:
                foreach ((_, Action<Dictionary<string, int>> apply) in _pending.Where(change => change.Directory == step.Path)) apply(_safeNames);
                _pending.RemoveAll(change => change.Directory == step.Path);
                break;
            default:
                break;
        }
    }

    private void Name(string path, Action<Dictionary<string, int>> change)
    {
        change(_names);
        _pending.Add((Path.GetDirectoryName(path)!, change));
    }

    // Nothing of what was not synchronised, all of it, or some blocks of it, with zeros where the others would be.
    private byte[] Torn((byte[] Safe, byte[] Now) file)
    {
        int how = Draw(4);
        if (how == 0 || file.Safe.AsSpan().SequenceEqual(file.Now)) return file.Safe;
        if (how == 1) return file.Now;
        byte[] torn = new byte[how == 2 ? Draw(file.Now.Length + 1) : file.Now.Length];
        file.Safe.AsSpan(0, Math.Min(file.Safe.Length, torn.Length)).CopyTo(torn);
        for (int at = 0; at < torn.Length; at += Block)
        {
            int length = Math.Min(Block, torn.Length - at);
            if (how == 2 || Draw(2) == 0) file.Now.AsSpan(at, length).CopyTo(torn.AsSpan(at));
        }

        return torn.Length >= file.Safe.Length || file.Now.Length < file.Safe.Length ? torn : file.Safe;
    }

    // Numbers that are the same each time: xorshift32.
    private int Draw(int below)
    {
        unchecked
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
        }

        return (int)(_state % (uint)below);
    }
}
