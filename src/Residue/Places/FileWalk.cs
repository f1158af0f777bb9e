using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Residue.Native;
using Spiffe.Agent.Residue.Reports;

namespace Spiffe.Agent.Residue.Places;

/// <summary>Looks at a declared path and all below it.</summary>
/// <remarks>
/// <para>Everything is first held, then looked at, then opened by what is held: a name that becomes a link, a pipe or a device in between is none of these here. Links are never followed (their own text
/// is looked at), pipes, sockets and devices never opened, files with several names read once, other file systems named and not entered.</para>
/// <para>What vanishes meanwhile is no gap: it is not there any more.</para>
/// </remarks>
internal sealed class FileWalk(Search search, FileTree tree, FileReader reader)
{
    private readonly HashSet<((uint Major, uint Minor) Device, ulong Inode)> _seen = []; // Of files with several names; no more than the search may look at.
    private PlaceKind _place;

    /// <param name="place">What kind of place.</param>
    /// <param name="path">Absolute.</param>
    public void Look(PlaceKind place, string path)
    {
        if (search.IsOver) return;
        _place = place;
        search.Enter(place, path);
        using Node? node = tree.TryOpen(path, search);
        if (node is not null) Look(node, path, 0);
    }

    private void Look(Node node, string path, int depth)
    {
        switch (node.Kind)
        {
            case FileKind.Directory:
                Enter(node, path, depth);
                break;
            case FileKind.Regular:
                if (node.HasOtherNames && !_seen.Add((node.Device, node.Inode))) break;
                if (search.Begin(path)) reader.Read(_place, node, path);
                break;
            case FileKind.Link:
                search.IsInText(_place, node.ReadLink(), () => path);
                search.Pass();
                break;
            case FileKind.BlockDevice:
                search.Gap(GapReason.Device, path);
                break;
            default:
                search.Pass();
                break;
        }
    }

    private void Enter(Node directory, string path, int depth)
    {
        if (depth > search.Plan.MaxDepth)
        {
            search.Gap(GapReason.TooDeep, path, $"more than {search.Plan.MaxDepth} directories deep");
            return;
        }

        using SafeFileHandle? handle = directory.TryRead(out int error);
        if (handle is null)
        {
            search.Gap(GapReason.NotReadable, path, Errno.Text(error));
            return;
        }

        List<byte[]> names = [];
        while (NodeNames.TryReadSome(handle, names, out error))
        {
            foreach (byte[] name in names)
            {
                if (!search.MayGoOn()) return;
                Child(directory, name, path, depth);
            }

            names.Clear();
        }

        if (error != 0) search.Gap(GapReason.NotReadable, path, Errno.Text(error));
    }

    private void Child(Node directory, byte[] name, string path, int depth)
    {
        bool isSecret = search.IsInText(_place, name, () => $"{path}: a name in it");
        string shown = PathText.Cut($"{path.TrimEnd('/')}/{(isSecret ? "[a credential]" : PathText.Of(name))}");
        using Node? child = directory.TryOpenChild(name, out int error);
        if (child is null)
        {
            if (error != Libc.NoEntry) search.Gap(GapReason.NotReadable, shown, Errno.Text(error));
            return;
        }

        if (child.IsMount ?? (child.Device != directory.Device)) search.Gap(GapReason.Mount, shown, "declare it as a path of its own");
        else Look(child, shown, depth + 1);
    }
}
