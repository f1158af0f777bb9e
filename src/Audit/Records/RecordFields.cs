using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Audit.Records;

/// <summary>What a record says beside its envelope: names and values, each name once. What is empty is left out.</summary>
/// <remarks>Without secrets, and without free text of callers: of that, a <see cref="Commitment"/>.</remarks>
public sealed class RecordFields
{
    /// <summary>Longest name, in characters. Ours.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Largest number either way: what a double, and so canonical JSON, holds exactly.</summary>
    public const long MaxNumber = (1L << 53) - 1;

    private readonly SortedDictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">The name is not one, or is there already.</exception>
    /// <exception cref="FormatException">The text is not valid Unicode.</exception>
    public RecordFields Add(string name, string? text) => string.IsNullOrEmpty(text) ? Check(name) : Add(name, writer => writer.String(text));

    /// <exception cref="ArgumentException">The name is not one, or is there already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number is beyond <see cref="MaxNumber"/>.</exception>
    public RecordFields Add(string name, long? number)
    {
        if (number is not { } value) return Check(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxNumber, nameof(number));
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -MaxNumber, nameof(number));
        return Add(name, writer => writer.Number(value));
    }

    /// <exception cref="ArgumentException">The name is not one, or is there already.</exception>
    public RecordFields Add(string name, bool value) => Add(name, writer => writer.Boolean(value));

    /// <summary>A time, written as the envelope's is.</summary>
    /// <exception cref="ArgumentException">The name is not one, or is there already.</exception>
    public RecordFields Add(string name, DateTimeOffset? time) => Add(name, time is { } at ? RecordTime.Format(at) : null);

    /// <summary>Texts in their order.</summary>
    /// <exception cref="ArgumentException">The name is not one, or is there already.</exception>
    /// <exception cref="FormatException">A text is not valid Unicode.</exception>
    public RecordFields Add(string name, IReadOnlyCollection<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return texts.Count == 0 ? Check(name) : Add(name, writer =>
        {
            writer.BeginArray();
            foreach (string text in texts) writer.String(text);
            writer.EndArray();
        });
    }

    /// <summary>A value that is canonical JSON (RFC 8785) already; of nothing, nothing is added.</summary>
    /// <exception cref="ArgumentException">The name is not one, or is there already.</exception>
    public RecordFields AddCanonical(string name, ReadOnlyMemory<byte> canonical) => canonical.IsEmpty ? Check(name) : Add(name, writer => writer.Raw(canonical.Span));

    /// <summary>Lower-case letters, digits and underscores, a letter first.</summary>
    internal static bool IsName(string name) =>
        name is { Length: > 0 and <= MaxNameLength } && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    internal void Write(CanonicalWriter writer)
    {
        writer.BeginObject();
        foreach ((string name, byte[] value) in _values)
        {
            writer.Name(name);
            writer.Raw(value);
        }

        writer.EndObject();
    }

    private RecordFields Add(string name, Action<CanonicalWriter> write)
    {
        Check(name);
        CanonicalWriter writer = new();
        write(writer);
        _values.Add(name, writer.ToArray());
        return this;
    }

    private RecordFields Check(string name)
    {
        if (!IsName(name)) throw new ArgumentException("a name has lower-case letters, digits and underscores, a letter first", nameof(name));
        return _values.ContainsKey(name) ? throw new ArgumentException($"{name} is there already", nameof(name)) : this;
    }
}
