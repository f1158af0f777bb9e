using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Residue.Reports;

namespace Spiffe.Agent.Residue.Places;

/// <summary>Looks into packed files, one layer deep: gzip and zip here; zstd, xz, lz4 and bzip2 with the machine's own programs. What it cannot unpack is a gap. What comes out counts as read.</summary>
internal sealed class Unpacker(Search search, ToolSet tools)
{
    /// <summary>Bytes that tell what a file is.</summary>
    public const int HeadLength = 8;

    private static readonly (byte[] Head, string Name)[] ByTool =
    [
        ([0x28, 0xb5, 0x2f, 0xfd], "zstd"), // RFC 8878 §3.1.1
        ([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "xz"),
        ([0x04, 0x22, 0x4d, 0x18], "lz4"),
        ([(byte)'B', (byte)'Z', (byte)'h'], "bzip2"),
    ];

    /// <param name="place">What kind of place it is in.</param>
    /// <param name="file">The file, which was read as it is.</param>
    /// <param name="head">Its first bytes.</param>
    /// <param name="path">Its name.</param>
    public void Read(PlaceKind place, SafeFileHandle file, ReadOnlySpan<byte> head, string path)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 0x08])) Try(place, path, () => Gzip(file), "gzip"); // RFC 1952 §2.3.1
        else if (head.StartsWith("PK\x03\x04"u8)) Try(place, path, () => Zip(place, file, path), "zip");
        else if (ToolFor(head) is { } tool) WithTool(place, file, tool, path);
    }

    private static string? ToolFor(ReadOnlySpan<byte> head)
    {
        foreach ((byte[] start, string name) in ByTool)
        {
            if (head.StartsWith(start)) return name;
        }

        return null;
    }

    private void Try(PlaceKind place, string path, Action read, string what)
    {
        search.Again();
        try
        {
            read();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            search.Gap(place, GapReason.Packed, path, $"{what}: {e.Message}");
        }

        search.Done(place, $"{path} ({what})");
    }

    private void Gzip(SafeFileHandle file)
    {
        using FileStream packed = new(file, FileAccess.Read, 1 << 16);
        packed.Position = 0;
        using GZipStream stream = new(packed, CompressionMode.Decompress);
        long length = Drain(stream);
        // What breaks off ends without a word. At the end of a whole one stands its length (RFC 1952 §2.3.1), of several behind each other that of the last.
        Span<byte> end = stackalloc byte[sizeof(uint)];
        int read = RandomAccess.Read(file, end, Math.Max(0, RandomAccess.GetLength(file) - end.Length));
        if (!search.IsOver && (read < end.Length || BinaryPrimitives.ReadUInt32LittleEndian(end) > length)) throw new InvalidDataException("it breaks off");
    }

    private void Zip(PlaceKind place, SafeFileHandle file, string path)
    {
        using FileStream packed = new(file, FileAccess.Read, 1 << 16);
        packed.Position = 0;
        using ZipArchive archive = new(packed, ZipArchiveMode.Read);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            string shown = PathText.Cut($"{path} (zip)");
            if (!search.Begin(shown)) return;
            using Stream stream = entry.Open();
            Drain(stream);
            search.Done(place, shown);
        }
    }

    /// <summary>How many bytes there were.</summary>
    private long Drain(Stream stream)
    {
        long length = 0;
        for (int read; (read = stream.Read(search.Buffer)) > 0; length += read)
        {
            if (!search.Feed(search.Buffer.AsSpan(0, read))) break;
        }

        return length;
    }

    private void WithTool(PlaceKind place, SafeFileHandle file, string tool, string path)
    {
        if (tools.Find(tool) is not { } program)
        {
            search.Gap(place, GapReason.Packed, path, $"it is packed, and {tool} is not installed");
            return;
        }

        search.Again();
        string? fault = ToolOutput.Read(search, program, ["--decompress", "--stdout"], file, _ => { });
        if (fault is not null) search.Gap(place, GapReason.Packed, path, fault);
        search.Done(place, $"{path} ({tool})");
    }
}
