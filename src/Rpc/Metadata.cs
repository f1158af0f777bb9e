using System.Collections;

namespace Spiffe.Agent.Rpc;

/// <summary>Key-value pairs beside the messages of a call, in order; keys may repeat. Keys ending in <c>-bin</c> hold bytes, all others printable ASCII.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed partial class Metadata : IReadOnlyList<Metadata.Entry>
{
    private readonly List<Entry> _entries = [];

    /// <summary>Suffix of keys whose values are bytes (base64 on the wire).</summary>
    public const string BinaryHeaderSuffix = "-bin";

    public int Count => _entries.Count;

    public Entry this[int index] => _entries[index];

    public void Add(Entry entry) => _entries.Add(entry);

    /// <exception cref="ArgumentException">Key or value has characters that the wire does not carry, or the key ends in -bin.</exception>
    public void Add(string key, string value) => _entries.Add(new Entry(key, value));

    /// <exception cref="ArgumentException">The key has characters that the wire does not carry, or does not end in -bin.</exception>
    public void Add(string key, byte[] value) => _entries.Add(new Entry(key, value));

    /// <summary>The last text under this key; null when there is none.</summary>
    public string? GetValue(string key) => Last(key)?.Value;

    /// <summary>The last bytes under this key; null when there are none.</summary>
    public byte[]? GetValueBytes(string key) => Last(key)?.ValueBytes;

    /// <summary>Every entry under this key, in the order of the wire.</summary>
    public IEnumerable<Entry> GetAll(string key) => _entries.Where(e => string.Equals(e.Key, key, StringComparison.OrdinalIgnoreCase));

    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Entry? Last(string key) => _entries.FindLast(e => string.Equals(e.Key, key, StringComparison.OrdinalIgnoreCase));
}
