using System.Text;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Interop.Audit;

/// <summary>What may be served of a log, copied and changed in one way.</summary>
internal sealed class TamperedLog : IDisposable
{
    private const string Bundle = "tile/entries/001", Tile = "tile/0/001";

    public TamperedLog(StoredLog log, string how)
    {
        File.Copy(Path.Combine(log.Folder, "checkpoint"), Path.Combine(Folder, "checkpoint"));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(log.Folder, "tile"), "*", SearchOption.AllDirectories))
        {
            string copy = Folder + file[log.Folder.Length..];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        switch (how)
        {
            case "an entry changed": Change(Bundle, bytes => bytes[bytes.AsSpan().IndexOf("\"task\":\"t"u8) + 9] ^= 1); break;
            case "an entry left out": Entries(entries => entries.RemoveAt(10)); break;
            case "two entries in each other's places": Entries(entries => (entries[3], entries[4]) = (entries[4], entries[3])); break;
            case "a tile changed": Change(Tile, bytes => bytes[100] ^= 1); break;
            case "an upper tile changed": Change("tile/1/000.p/2", bytes => bytes[40] ^= 1); break;
            case "a tile gone": File.Delete(Path.Combine(Folder, Tile)); break;
            case "a size changed": File.WriteAllText(Path.Combine(Folder, "checkpoint"), File.ReadAllText(Path.Combine(Folder, "checkpoint")).Replace("\n700\n", "\n699\n", StringComparison.Ordinal)); break;
            case "another key's tree": Sign(); break;
            default: throw new ArgumentOutOfRangeException(nameof(how));
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("tampered-log-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void Change(string path, Action<byte[]> change)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(Folder, path));
        change(bytes);
        File.WriteAllBytes(Path.Combine(Folder, path), bytes);
    }

    private void Entries(Action<List<byte[]>> change)
    {
        ReadOnlyMemory<byte> rest = File.ReadAllBytes(Path.Combine(Folder, Bundle));
        List<byte[]> entries = [];
        while (EntryBundle.TryTake(ref rest, out ReadOnlyMemory<byte> entry)) entries.Add(entry.ToArray());
        change(entries);
        System.Buffers.ArrayBufferWriter<byte> bundle = new();
        foreach (byte[] entry in entries) EntryBundle.Append(bundle, entry);
        File.WriteAllBytes(Path.Combine(Folder, Bundle), bundle.WrittenSpan);
    }

    private void Sign()
    {
        string path = Path.Combine(Folder, "checkpoint");
        string text = File.ReadAllText(path);
        using SecretBytes seed = NoteSigner.NewSeed();
        using NoteSigner thief = new(text[..text.IndexOf('\n', StringComparison.Ordinal)], seed);
        File.WriteAllBytes(path, thief.Sign(Encoding.UTF8.GetBytes(text[..(text.IndexOf("\n\n", StringComparison.Ordinal) + 1)])).ToArray());
    }
}
