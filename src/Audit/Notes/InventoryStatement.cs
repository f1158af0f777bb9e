using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Audit.Records;

namespace Spiffe.Agent.Audit.Notes;

/// <summary>What a log's key says of a snapshot of the inventory: the text of a signed note of its own kind.</summary>
/// <remarks>It can be taken for no checkpoint and no checkpoint for it: its first line is no log's name but the log's name and <see cref="Kind"/>, its second line no decimal number, while a checkpoint's must be one.</remarks>
/// <param name="Origin">The log's name.</param>
/// <param name="At">When the snapshot was taken.</param>
/// <param name="Digest">SHA-256 of its canonical JSON, base64url.</param>
/// <param name="Tasks">How many live tasks it holds.</param>
/// <param name="LogSize">How many entries the log had.</param>
public sealed record InventoryStatement(string Origin, DateTimeOffset At, string Digest, long Tasks, long LogSize)
{
    /// <summary>What follows the log's name in the first line, and so what kind of text this is.</summary>
    public const string Kind = "/inventory/v1";

    /// <summary>The text of the note.</summary>
    public byte[] ToText() =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Origin}{Kind}\ntaken {RecordTime.Format(At)}\nsha256 {Digest}\ntasks {Tasks}\nlog {LogSize}\n"));

    /// <summary>Reads the text of a note that is verified. There is one way to write it, and no other is read.</summary>
    /// <param name="text">The text with its last newline.</param>
    /// <param name="statement">What it says, or null.</param>
    /// <param name="fault">What is wrong, or empty.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out InventoryStatement? statement, out string fault)
    {
        statement = null;
        string[] lines = Encoding.UTF8.GetString(text).Split('\n');
        DateTimeOffset at = default;
        long tasks = 0, size = 0;
        fault = lines.Length != 6 || lines[5].Length > 0 ? "not five lines and a newline"
            : !lines[0].EndsWith(Kind, StringComparison.Ordinal) || lines[0].Length == Kind.Length ? $"the first line is not a log's name and {Kind}: it is a statement of another kind"
            : !TryRead(lines[1], "taken ", out string taken) || !RecordTime.TryParse(taken, out at) ? "the second line does not say when it was taken"
            : !TryRead(lines[2], "sha256 ", out string digest) || !IsDigest(digest) ? "the third line is not a SHA-256"
            : !TryRead(lines[3], "tasks ", out string count) || !Checkpoint.TryParseSize(count, out tasks) ? "the fourth line does not count tasks"
            : !TryRead(lines[4], "log ", out string entries) || !Checkpoint.TryParseSize(entries, out size) ? "the fifth line is not the log's size"
            : "";
        if (fault.Length > 0) return false;
        statement = new InventoryStatement(lines[0][..^Kind.Length], at, lines[2]["sha256 ".Length..], tasks, size);
        return true;
    }

    private static bool TryRead(string line, string label, out string value)
    {
        bool isLabelled = line.StartsWith(label, StringComparison.Ordinal);
        value = isLabelled ? line[label.Length..] : "";
        return isLabelled;
    }

    private static bool IsDigest(string text) =>
        Base64Url.IsValid(text, out int length) && length == SHA256.HashSizeInBytes && string.Equals(Base64Url.EncodeToString(Base64Url.DecodeFromChars(text)), text, StringComparison.Ordinal);
}
