using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>A cgroup, held by its open directory: one that is removed and made anew under the same name is another. Root alone decides who is in it.</summary>
/// <remarks><para>Cgroups that are given to a user, or to root of a container's user namespace, are not held: he could take processes out of sight of what is tied to them.</para>
/// <para>Safe for use by several threads. Two descriptors each; all holds share one thread that waits, and those of cgroup v1 one beat.</para></remarks>
public sealed partial class CgroupHold : IDisposable, IWatched
{
    private readonly TaskCompletionSource _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CgroupMount _mount;
    private readonly CgroupLine _line;
    private readonly SafeFileHandle _directory;
    private readonly SafeFileHandle? _events;
    private readonly ulong _inode;
    private ulong _token;

    private CgroupHold(CgroupReading reading, string path, SafeFileHandle directory, ulong inode)
    {
        (_mount, _line, Path, _directory, _inode) = (reading.Mount!, reading.Line, path, directory, inode);
        if (_mount.IsUnified) _events = CgroupFiles.TryOpen(directory, "cgroup.events\0"u8, Libc.ReadOnly, out _);
    }

    /// <summary>Its path in its hierarchy when it was held. For people: what is held is the directory.</summary>
    public string Path { get; }

    /// <summary>Number of the cgroup, given once in one boot (Linux 5.5).</summary>
    public ulong Number => _inode;

    /// <summary>Whether it is of cgroup v2.</summary>
    public bool IsUnified => _mount.IsUnified;

    /// <summary>Completes when no process is left in it or below: on v2 at once, on v1 within <see cref="CgroupBeat.Interval"/>. A zombie does not count, a frozen process does.
    /// It stays complete whoever comes in afterwards. Cancelled when this object is disposed first.</summary>
    public Task Emptied => _emptied.Task;

    /// <summary>Whether no process is in it or below now, or it is removed. False on doubt.</summary>
    public bool IsEmpty
    {
        get
        {
            if (!LooksEmpty()) return false;
            _emptied.TrySetResult(); // This look may have taken the event that the watch waits for.
            return true;
        }
    }

    /// <summary>Takes hold of a cgroup around a process.</summary>
    /// <param name="reading">Where the process is, as <see cref="CgroupReader.Read"/> has just found.</param>
    /// <param name="scope">Which of the cgroups around it.</param>
    /// <param name="fault">Why there is none.</param>
    public static CgroupHold? TryHold(CgroupReading reading, CgroupScope scope, out CgroupHoldFault fault)
    {
        ArgumentNullException.ThrowIfNull(reading);
        fault = HeldDirectory.Find(reading, scope, out string path);
        if (fault == CgroupHoldFault.None) fault = CgroupWalk.Owners(reading.Mount!, path);
        if (fault != CgroupHoldFault.None) return null;
        SafeFileHandle? directory = reading.Mount!.TryOpenDirectory(CgroupWalk.Bytes(path), out StatxBuffer stat, out int error);
        if (directory is null)
        {
            fault = CgroupWalk.FaultOf(error);
            return null;
        }

        CgroupHold hold = new(reading, path, directory, stat.Inode);
        fault = hold.Verify(reading);
        if (fault == CgroupHoldFault.None && !hold.Watch()) fault = CgroupHoldFault.TooMany;
        if (fault == CgroupHoldFault.None) return hold;
        hold.Dispose();
        return null;
    }

    /// <summary>Whether a process is in this cgroup or below, by the kernel's word now. False on doubt, and when it has exited or been given to another.</summary>
    /// <remarks>Its own reading leads, directory by directory, through the very one that is held, and is the same afterwards: no name and no <c>..</c> is believed.</remarks>
    public bool Contains(PeerProcess peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (!CgroupId.TryRead(peer, out ulong? id)) return false;
        if (_mount.IsUnified && id == _inode) return peer.CheckRunning() == PeerRefusal.None;
        return CgroupText.Read(peer, out _) is { } text
            && PathOf(text, id) is { } path
            && CgroupWalk.LeadsThrough(_mount, path, _inode, out ulong leaf)
            && (!_mount.IsUnified || id is null || id == leaf)
            && CgroupText.Read(peer, out _) == text
            && CgroupId.TryRead(peer, out ulong? after) && after == id
            && peer.CheckRunning() == PeerRefusal.None;
    }

    /// <summary>The processes in it and below, each once; without those that this pid namespace cannot see. A list of a moment ago: a pid is not evidence.</summary>
    public IReadOnlyList<int> ProcessIds()
    {
        TryList(out HashSet<int> processes);
        return [.. processes];
    }

    bool IWatched.OnKernelEvent() => !TryEnd();

    public void Dispose()
    {
        KernelWatch.Remove(_token);
        CgroupBeat.Remove(this);
        _emptied.TrySetCanceled();
        _events?.Dispose();
        _directory.Dispose();
    }

    /// <summary>Looks whether it has emptied; true when there is nothing more to look for.</summary>
    internal bool TryEnd()
    {
        try
        {
            return _emptied.Task.IsCompleted || IsEmpty;
        }
        catch (ObjectDisposedException)
        {
            _emptied.TrySetCanceled();
            return true;
        }
    }

    /// <summary>On v1 twice: a process that moves up while this looks below is seen by neither look only if it moves back and forth at the right times, which takes root.</summary>
    private bool LooksEmpty()
    {
        if (_events is not { } events) return TryList(out HashSet<int> first) && first.Count == 0 && TryList(out HashSet<int> second) && second.Count == 0;
        string? text = CgroupFiles.ReadFlat(events, out int error);
        return text is null ? error is CgroupFiles.Gone or Libc.NoEntry : CgroupFiles.Says(text, "populated 0");
    }

    private bool TryList(out HashSet<int> processes) => CgroupSubtree.TryList(_directory, processes = []);

    /// <summary>Whether what was opened is what was read, where the reading says which inode that was.</summary>
    private CgroupHoldFault Verify(CgroupReading reading)
    {
        if (_mount.IsUnified && _events is null) return CgroupHoldFault.Unreadable;
        bool isAnchor = reading.Place.Container is { } container ? Path == container.Path : reading.Place.Unit is not null && Path != reading.Path;
        if (isAnchor && reading.Inode != _inode) return CgroupHoldFault.Gone;
        return _mount.IsUnified && Path == reading.Path && reading.CgroupId is { } id && id != _inode ? CgroupHoldFault.Gone : CgroupHoldFault.None;
    }

    private bool Watch()
    {
        if (_events is null) return CgroupBeat.TryAdd(this);
        _token = KernelWatch.Add(_events, Libc.EpollPriority, this);
        return _token != 0;
    }

    /// <summary>Where the process is in the held hierarchy, from the top of the mount.</summary>
    private string? PathOf(string text, ulong? id)
    {
        if (_mount.IsForeign) return id is { } known ? _mount.PathOf(known) : null;
        if (!CgroupLines.TryParse(text, out var lines, out _, out _)) return null;
        foreach (CgroupLine line in lines)
        {
            if (line.Hierarchy == _line.Hierarchy && line.Controllers == _line.Controllers) return line.IsOutOfView ? null : line.Path;
        }

        return null;
    }
}
