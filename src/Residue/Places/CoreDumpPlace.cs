using System.Text;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Residue.Native;
using Spiffe.Agent.Residue.Reports;

namespace Spiffe.Agent.Residue.Places;

/// <summary>The memory of processes that died since the work began, wherever the kernel was told to put it.</summary>
/// <param name="search">Whose it is.</param>
/// <param name="tree">Where files are.</param>
/// <param name="reader">What reads them.</param>
/// <param name="pattern">Where dumps go.</param>
/// <param name="systemdDirectory">Where systemd-coredump puts them.</param>
internal sealed class CoreDumpPlace(Search search, FileTree tree, FileReader reader, CorePattern pattern, string systemdDirectory)
{
    public const string OfSystemd = "/var/lib/systemd/coredump";

    public void Look(ResidueSubject subject)
    {
        if (search.IsOver) return;
        if (pattern.Program.Length > 0 && !pattern.IsSystemd)
        {
            search.Enter(PlaceKind.CoreDump, pattern.Program);
            search.Gap(GapReason.Unknown, pattern.Program, "this program gets the core dumps; declare where it puts them");
            return;
        }

        string directory = pattern.IsSystemd ? systemdDirectory : pattern.Directory.Length > 0 ? pattern.Directory : subject.Directory;
        search.Enter(PlaceKind.CoreDump, directory.Length > 0 ? directory : "core dumps");
        if (directory.Length == 0 || (!pattern.IsSystemd && pattern.Name is null))
        {
            search.Gap(GapReason.Unknown, "core dumps", "they lie where the process worked or as it was called, which is not known any more");
            return;
        }

        using Node? node = tree.TryOpen(directory, search);
        if (node is { Kind: FileKind.Directory }) Look(node, directory, subject);
    }

    private void Look(Node directory, string path, ResidueSubject subject)
    {
        using SafeFileHandle? handle = directory.TryRead(out int error);
        if (handle is null)
        {
            search.Gap(GapReason.NotReadable, path, Errno.Text(error));
            return;
        }

        List<byte[]> names = [];
        while (NodeNames.TryReadSome(handle, names, out error))
        {
            foreach (byte[] name in names.Where(name => pattern.IsSystemd || pattern.Name!.IsMatch(Encoding.UTF8.GetString(name))))
            {
                if (!search.MayGoOn()) return;
                One(directory, name, path, subject);
            }

            names.Clear();
        }

        if (error != 0) search.Gap(GapReason.NotReadable, path, Errno.Text(error));
    }

    private void One(Node directory, byte[] name, string path, ResidueSubject subject)
    {
        string shown = PathText.Cut($"{path}/{PathText.Of(name)}");
        using Node? file = directory.TryOpenChild(name, out int error);
        if (file is null && error != Libc.NoEntry) search.Gap(GapReason.NotReadable, shown, Errno.Text(error));
        // Seconds: a dump of the moment in which the work began is one too.
        if (file is not { Kind: FileKind.Regular } || file.ModifiedAt.AddSeconds(1) < subject.Since) return;
        if (search.Begin(shown)) reader.Read(PlaceKind.CoreDump, file, shown);
    }
}
