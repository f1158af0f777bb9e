using System.Collections.Frozen;
using System.Text;

namespace Spiffe.Agent.Replay.Records;

/// <summary>A few known names, found by their UTF-8 without memory of its own.</summary>
/// <typeparam name="T">What they stand for; its default stands for every other name.</typeparam>
internal sealed class NameTable<T>
    where T : struct, Enum
{
    private readonly FrozenDictionary<ulong, (byte[] Name, T Value)> _byKey;

    public NameTable(IEnumerable<(string Name, T Value)> names) =>
        _byKey = names.Select(entry => (Name: Encoding.UTF8.GetBytes(entry.Name), entry.Value)).ToFrozenDictionary(entry => KeyOf(entry.Name));

    public T Find(ReadOnlySpan<byte> name) => _byKey.TryGetValue(KeyOf(name), out (byte[] Name, T Value) found) && name.SequenceEqual(found.Name) ? found.Value : default;

    public byte[] NameOf(T value) => _byKey.Values.FirstOrDefault(entry => entry.Value.Equals(value)).Name ?? [];

    // FNV-1a: any function does that tells the known names apart, which building the table proves.
    private static ulong KeyOf(ReadOnlySpan<byte> name)
    {
        ulong key = 14_695_981_039_346_656_037;
        foreach (byte b in name) key = unchecked((key ^ b) * 1_099_511_628_211);
        return key;
    }
}
