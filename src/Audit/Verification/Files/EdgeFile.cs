using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Audit.Verification.Files;

/// <summary>Reads what may be there in two forms: the partial file of one size, or the full one that took its place.</summary>
internal static class EdgeFile
{
    /// <summary>Reads the partial file, then the full one: a writer removes the former once the latter is there.</summary>
    /// <param name="files">The log's.</param>
    /// <param name="full">The path of the full file.</param>
    /// <param name="width">How many hashes or entries are asked for; <see cref="TilePath.Width"/>: only the full one will do.</param>
    /// <param name="most">Most bytes.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="path">Which one was read, or is the one that should be there.</param>
    public static FileOutcome Read(LogFiles files, string full, int width, int most, ref byte[] buffer, out int length, out string path)
    {
        path = TilePath.PartOf(full, width);
        FileOutcome outcome = files.Read(path, most, ref buffer, out length);
        if (outcome != FileOutcome.Missing || width == TilePath.Width) return outcome;
        FileOutcome other = files.Read(full, most, ref buffer, out length);
        if (other != FileOutcome.Missing) path = full;
        return other;
    }
}
