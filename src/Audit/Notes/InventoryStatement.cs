using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;

namespace Spiffe.Agent.Audit.Notes;

/// <summary>What a log's key says of a snapshot of the inventory (docs/audit.md): a statement of its own kind, which can be taken for no checkpoint, and no checkpoint for it.</summary>
/// <param name="Origin">The log's name.</param>
/// <param name="At">When the snapshot was taken.</param>
/// <param name="Digest">SHA-256 of its canonical JSON, base64url.</param>
/// <param name="Tasks">How many live tasks it holds.</param>
/// <param name="LogSize">How many entries the log had.</param>
public sealed record InventoryStatement(string Origin, DateTimeOffset At, string Digest, long Tasks, long LogSize)
{
    /// <summary>For <see cref="AuditStore.Sign"/>, which writes the first line.</summary>
    public const string Kind = "inventory";

    /// <summary>What is signed, behind the first line.</summary>
    public byte[] ToText() =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Origin}\ntaken {RecordTime.Format(At)}\nsha256 {Digest}\ntasks {Tasks}\nlog {LogSize}\n"));

    /// <summary>Reads the whole text of a note that is verified. There is one way to write it, and no other is read.</summary>
    /// <param name="text">The text with its first line and its last newline.</param>
    /// <param name="statement">What it says, or null.</param>
    /// <param name="fault">What is wrong, or empty.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out InventoryStatement? statement, out string fault)
    {
        statement = null;
        string[] lines = Encoding.UTF8.GetString(text).Split('\n');
        DateTimeOffset at = default;
        long tasks = 0, size = 0;
        fault = lines[0] != AuditStore.Statement + Kind ? "it is a statement about something else than an inventory"
            : lines.Length != 7 || lines[6].Length > 0 ? "not six lines and a newline"
            : !KeyName.IsValid(lines[1]) ? "the second line is not a log's name"
            : !TryRead(lines[2], "taken ", out string taken) || !RecordTime.TryParse(taken, out at) ? "the third line does not say when it was taken"
            : !TryRead(lines[3], "sha256 ", out string digest) || !IsDigest(digest) ? "the fourth line is not a SHA-256"
            : !TryRead(lines[4], "tasks ", out string count) || !Checkpoint.TryParseSize(count, out tasks) ? "the fifth line does not count tasks"
            : !TryRead(lines[5], "log ", out string entries) || !Checkpoint.TryParseSize(entries, out size) ? "the sixth line is not the log's size"
            : "";
        if (fault.Length > 0) return false;
        statement = new InventoryStatement(lines[1], at, lines[3]["sha256 ".Length..], tasks, size);
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
