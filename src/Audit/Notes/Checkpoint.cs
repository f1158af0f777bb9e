using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Audit.Notes;

/// <summary>What a log commits to: its name, how many entries it has, and the root over them. C2SP tlog-checkpoint.</summary>
/// <param name="Origin">The log's name.</param>
/// <param name="Size">How many entries.</param>
/// <param name="Root">Over all of them.</param>
public sealed record Checkpoint(string Origin, long Size, TreeHash Root)
{
    /// <summary>The text of the note. Without extension lines: nobody could audit them.</summary>
    public byte[] ToText() => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Root}\n"));

    /// <summary>Reads the text of a note that is verified. Extension lines are let pass, and mean nothing.</summary>
    /// <param name="text">The text with its last newline.</param>
    /// <param name="checkpoint">What it says, or null.</param>
    /// <param name="fault">What is wrong, or empty.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out Checkpoint? checkpoint, out string fault)
    {
        checkpoint = null;
        string[] lines = Encoding.UTF8.GetString(text).Split('\n');
        TreeHash root = default;
        long size = 0;
        fault = lines.Length < 4 || lines[^1].Length > 0 ? "not three lines and a newline"
            : lines.AsSpan(0, lines.Length - 1).Contains("") ? "an empty line"
            : !TryParseSize(lines[1], out size) ? "the size is not a decimal number without leading zeros"
            : !TreeHash.TryParse(lines[2], out root) ? "the root is not 32 bytes in base64"
            : size == 0 && root != TreeHasher.Empty ? "the root is not that of an empty tree"
            : "";
        if (fault.Length > 0) return false;
        checkpoint = new Checkpoint(lines[0], size, root);
        return true;
    }

    /// <summary>A size or index as the texts of logs write it: ASCII digits, no sign, no leading zeros, below 2^63.</summary>
    internal static bool TryParseSize(string text, out long size) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) && (text.Length == 1 || text[0] != '0');
}
