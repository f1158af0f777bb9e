using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Audit.Records;

/// <summary>What a record says beside its envelope: names and values, each name once. What is empty is left out.</summary>
/// <remarks>Without secrets, and without free text of callers: of that, a <see cref="Commitment"/>. Members are written once, as they are added, and put in order when read out.</remarks>
public sealed class RecordFields
{
    /// <summary>Longest name, in characters. Ours.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Largest number either way: what a double, and so canonical JSON, holds exactly.</summary>
    public const long MaxNumber = (1L << 53) - 1;

    private const int UsualLength = 1_024; // Of most records of tasks, in bytes.
    private const int UsualMembers = 28;

    private readonly CanonicalWriter _written = new(UsualLength);
    private readonly List<(int Start, int Length, string Name)> _members = new(UsualMembers); // In ascending order of names.

    /// <exception cref="ArgumentException">The name is not one, or is there already.</exception>
    /// <exception cref="FormatException">The text is not valid Unicode.</exception>
    public RecordFields Add(string name, string? text)
    {
        int place = PlaceOf(name);
        if (string.IsNullOrEmpty(text)) return this;
        int start = Begin(name);
        _written.String(text);
        return Keep(place, start, name);
    }

    /// <exception cref="ArgumentException">The name is not one, or is there already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number is beyond <see cref="MaxNumber"/>.</exception>
    public RecordFields Add(string name, long? number)
    {
        int place = PlaceOf(name);
        if (number is not { } value) return this;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxNumber, nameof(number));
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -MaxNumber, nameof(number));
        int start = Begin(name);
        _written.Number(value);
        return Keep(place, start, name);
    }

    /// <exception cref="ArgumentException">The name is not one, or is there already.</exception>
    public RecordFields Add(string name, bool value)
    {
        int place = PlaceOf(name);
        int start = Begin(name);
        _written.Boolean(value);
        return Keep(place, start, name);
    }

    /// <summary>A time, written as the envelope's is.</summary>
    /// <exception cref="ArgumentException">The name is not one, or is there already.</exception>
    public RecordFields Add(string name, DateTimeOffset? time) => Add(name, time is { } at ? RecordTime.Format(at) : null);

    /// <summary>Texts in their order.</summary>
    /// <exception cref="ArgumentException">The name is not one, or is there already.</exception>
    /// <exception cref="FormatException">A text is not valid Unicode.</exception>
    public RecordFields Add(string name, IReadOnlyCollection<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        int place = PlaceOf(name);
        if (texts.Count == 0) return this;
        int start = Begin(name);
        _written.BeginArray();
        foreach (string text in texts) _written.String(text);
        _written.EndArray();
        return Keep(place, start, name);
    }

    /// <summary>A value that is canonical JSON (RFC 8785) already; of nothing, nothing is added.</summary>
    /// <exception cref="ArgumentException">The name is not one, or is there already.</exception>
    public RecordFields AddCanonical(string name, ReadOnlyMemory<byte> canonical)
    {
        int place = PlaceOf(name);
        if (canonical.IsEmpty) return this;
        int start = Begin(name);
        _written.Raw(canonical.Span);
        return Keep(place, start, name);
    }

    /// <summary>Lower-case letters, digits and underscores, a letter first.</summary>
    internal static bool IsName(string name)
    {
        if (name is not { Length: > 0 and <= MaxNameLength } || !char.IsAsciiLetterLower(name[0])) return false;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_') return false;
        }

        return true;
    }

    /// <summary>Writes them as an object, with a commitment among them if there is one.</summary>
    /// <exception cref="ArgumentException">There is a commitment already.</exception>
    internal void Write(CanonicalWriter writer, string? commitment = null)
    {
        int place = commitment is null ? -1 : PlaceOf(RecordNames.Body);
        writer.BeginObject();
        for (int i = 0; i <= _members.Count; i++)
        {
            if (i == place)
            {
                writer.Name(RecordNames.Body);
                writer.String(commitment!);
            }

            if (i < _members.Count) writer.Raw(_written.Written.Slice(_members[i].Start, _members[i].Length));
        }

        writer.EndObject();
    }

    /// <summary>Where a name belongs.</summary>
    private int PlaceOf(string name)
    {
        if (!IsName(name)) throw new ArgumentException("a name has lower-case letters, digits and underscores, a letter first", nameof(name));
        int place = _members.Count;
        for (; place > 0; place--)
        {
            int order = string.CompareOrdinal(_members[place - 1].Name, name);
            if (order == 0) throw new ArgumentException($"{name} is there already", nameof(name));
            if (order < 0) break;
        }

        return place;
    }

    // Behind the comma, if one is written; what a refused value has left before it is never read.
    private int Begin(string name)
    {
        int start = _written.Written.Length == 0 ? 0 : _written.Written.Length + 1;
        _written.Name(name);
        return start;
    }

    private RecordFields Keep(int place, int start, string name)
    {
        _members.Insert(place, (start, _written.Written.Length - start, name));
        return this;
    }
}
