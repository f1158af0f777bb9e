using System.Globalization;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Audit.Verification.Files;

/// <summary>Looks at every name in the directory: what belongs to no log, what lies beyond it, and partial tiles of earlier sizes, which nobody else reads.</summary>
/// <param name="files">The log's.</param>
/// <param name="published">Entries that the checkpoint is for.</param>
/// <param name="size">Entries that there are, journaled ones too.</param>
/// <param name="isGrowing">There are more by now: nothing lies beyond.</param>
/// <param name="findings">Where what is wrong goes.</param>
internal sealed class FileWalk(LogFiles files, long published, long size, bool isGrowing, FindingList findings)
{
    /// <summary>Most directories one in the other: three digits of an index each.</summary>
    private const int MaxDepth = 5;

    private static readonly string[] Known = [TilePath.Checkpoint, "checkpoints", "tile", "bodies", "journal", "log.vkey", "keys", "lock", "pending", "reserve", "witnessed"];

    private readonly PartialFiles _partials = new(files, findings);

    public void Run()
    {
        foreach (string name in NamesIn(""))
        {
            if (!Known.Contains(name, StringComparer.Ordinal)) Strange("", name);
        }

        foreach (string name in NamesIn("tile"))
        {
            if (name == "entries") Walk("tile/entries", index => TilePath.Entries(index), 0, 0, 0);
            else if (name.Length == 1 && name[0] - '0' is >= 0 and <= TilePath.MaxLevel and int level) Walk($"tile/{name}", index => TilePath.Tile(level, index), level, 0, 0);
            else Strange("tile/", name);
        }
    }

    private void Walk(string directory, Func<long, string> pathOf, int level, long above, int depth)
    {
        foreach (string name in NamesIn(directory))
        {
            string path = $"{directory}/{name}";
            bool isNumber = TryRead(name.TrimStart('x')[..Math.Min(3, name.TrimStart('x').Length)], 3, out int number);
            long index = (above * 1_000) + number;
            if (isNumber && name.Length == 4 && name[0] == 'x' && depth < MaxDepth) Walk(path, pathOf, level, index, depth + 1);
            else if (isNumber && name.Length == 3 && pathOf(index) == path) CheckFull(path, level, index);
            else if (isNumber && name.Length == 5 && name.EndsWith(".p", StringComparison.Ordinal) && pathOf(index) + ".p" == path) CheckPartials(path, pathOf(index), level, index);
            else Strange(directory + "/", name);
        }
    }

    private void CheckFull(string path, int level, long index)
    {
        if (index >= TilePath.FullTiles(level, size)) Beyond(path);
    }

    private void CheckPartials(string directory, string full, int level, long index)
    {
        int edge = WidthOf(level, index, published), most = WidthOf(level, index, size);
        foreach (string name in NamesIn(directory))
        {
            string path = $"{directory}/{name}";
            if (!Checkpoint.TryParseSize(name, out long width) || width is < 1 or >= TilePath.Width) Strange(directory + "/", name);
            else if (width > most) Beyond(path);
            else if (width < edge) _partials.Check(path, (int)width, full, edge, full.StartsWith("tile/entries/", StringComparison.Ordinal));
        }
    }

    private static int WidthOf(int level, long index, long size) =>
        index < TilePath.FullTiles(level, size) ? TilePath.Width : index == TilePath.FullTiles(level, size) ? TilePath.EdgeWidth(level, size) : 0;

    private void Beyond(string path)
    {
        if (!isGrowing) findings.Add(FindingKind.BeyondHead, path, null, "lies beyond everything that was signed or journaled");
    }

    private void Strange(string directory, string name)
    {
        if (name.EndsWith(".new", StringComparison.Ordinal)) findings.Add(FindingKind.LeftOver, directory + name, null, "was left by a write that was interrupted");
        else findings.Add(FindingKind.Foreign, directory + name, null, "is no part of a log");
    }

    private IEnumerable<string> NamesIn(string directory)
    {
        FileOutcome outcome = files.List(directory, out IEnumerable<string> names);
        if (outcome is not (FileOutcome.Done or FileOutcome.Missing)) findings.Add(outcome, FindingKind.TileMissing, directory);
        return names;
    }

    private static bool TryRead(string digits, int length, out int number) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && digits.Length == length;
}
