using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Native;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>The freezer controller of cgroup v1, where it has a cgroup of the same path with exactly the processes of the one that is held.</summary>
internal sealed class LegacyFreezer : IDisposable
{
    private static readonly CgroupMounts Mounts = new();

    private readonly SafeFileHandle _held;
    private readonly SafeFileHandle _freezer;

    private LegacyFreezer(SafeFileHandle held, SafeFileHandle freezer)
    {
        _held = held;
        _freezer = freezer;
    }

    /// <summary>Null where there is none that would meet these processes and no others.</summary>
    internal static LegacyFreezer? Find(SafeFileHandle held, string path)
    {
        if (Mounts.OfView(new CgroupLine(1, "freezer", path)) is not { } mount || CgroupWalk.Owners(mount, path) != CgroupHoldFault.None) return null;
        if (mount.TryOpenDirectory(CgroupWalk.Bytes(path), out _, out _) is not { } directory) return null;
        LegacyFreezer freezer = new(held, directory);
        if (freezer.MeetsTheSame()) return freezer;
        freezer.Dispose();
        return null;
    }

    /// <summary>Whether all of them are frozen now.</summary>
    internal bool TryFreeze() => TryBring("FROZEN"u8, "FROZEN\n") && MeetsTheSame();

    internal bool TryThaw() => TryBring("THAWED"u8, "THAWED\n");

    public void Dispose() => _freezer.Dispose();

    private bool MeetsTheSame()
    {
        HashSet<int> held = [], frozen = [];
        return CgroupSubtree.TryList(_held, held) && CgroupSubtree.TryList(_freezer, frozen) && held.SetEquals(frozen);
    }

    /// <summary>FREEZING becomes FROZEN when all have stopped; asked for again, since what was forked in between may not have been met.</summary>
    private bool TryBring(ReadOnlySpan<byte> word, string state)
    {
        for (long start = Environment.TickCount64; Environment.TickCount64 - start < CgroupHold.Patience; CgroupFiles.Pause(2))
        {
            if (CgroupFiles.Write(_freezer, "freezer.state\0"u8, word) != 0) return false;
            using SafeFileHandle? file = CgroupFiles.TryOpen(_freezer, "freezer.state\0"u8, Libc.ReadOnly, out _);
            if (file is null) return false;
            if (CgroupFiles.ReadFlat(file, out _) == state) return true;
        }

        return false;
    }
}
