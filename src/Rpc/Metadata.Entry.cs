using System.Buffers;

namespace Spiffe.Agent.Rpc;

public sealed partial class Metadata
{
    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_.-");

    /// <summary>One pair. The key is stored in lower case (gRPC over HTTP/2, Custom-Metadata).</summary>
    public sealed class Entry
    {
        /// <exception cref="ArgumentException">Key outside [a-z0-9_.-], key of a binary value, or value outside printable ASCII.</exception>
        public Entry(string key, string value)
        {
            Key = Checked(key);
            if (IsBinary) throw new ArgumentException($"{Key}: keys ending in {BinaryHeaderSuffix} take bytes", nameof(key));
            if (!IsText(value)) throw new ArgumentException($"{Key}: the value holds more than printable ASCII", nameof(value));
            Value = value;
        }

        /// <exception cref="ArgumentException">Key outside [a-z0-9_.-] or not ending in -bin.</exception>
        public Entry(string key, byte[] value)
        {
            Key = Checked(key);
            if (!IsBinary) throw new ArgumentException($"{Key}: bytes go under keys that end in {BinaryHeaderSuffix}", nameof(key));
            ArgumentNullException.ThrowIfNull(value);
            ValueBytes = value;
        }

        public string Key { get; }

        /// <summary>The text; null for binary entries.</summary>
        public string? Value { get; }

        /// <summary>The bytes; null for text entries.</summary>
        public byte[]? ValueBytes { get; }

        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        public override string ToString() => IsBinary ? $"{Key}: {ValueBytes!.Length} bytes" : $"{Key}: {Value}";

        /// <summary>Whether the wire carries this, which is in lower case, as a key.</summary>
        internal static bool IsKey(ReadOnlySpan<char> key) => key.Length > 0 && !key.ContainsAnyExcept(KeyCharacters);

        /// <summary>Whether the wire carries this as text.</summary>
        internal static bool IsText(ReadOnlySpan<char> value) => !value.ContainsAnyExceptInRange(' ', '~');

        private static string Checked(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
            string lower = key.ToLowerInvariant();
            return IsKey(lower) ? lower : throw new ArgumentException("a metadata key is written in [a-z0-9_.-]", nameof(key));
        }
    }
}
