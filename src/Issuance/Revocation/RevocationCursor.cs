using System.Globalization;

namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>How far a reader has come. Not a secret and not trusted: one that does not fit this run of the daemon leads to a reset, never to a gap.</summary>
/// <param name="Epoch">The run of the daemon that it belongs to.</param>
/// <param name="Sequence">The last event that was read; 0 for none.</param>
public readonly record struct RevocationCursor(Guid Epoch, long Sequence)
{
    /// <summary>Longest text of one, in characters.</summary>
    public const int MaxLength = 32 + 1 + 19;

    private const int EpochLength = 32;

    /// <summary>The cursor of a reader that has read nothing.</summary>
    public static RevocationCursor Start => default;

    /// <summary>Reads what <see cref="ToString"/> writes and nothing else; an empty text is <see cref="Start"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RevocationCursor cursor)
    {
        cursor = default;
        if (text.IsEmpty) return true;
        if (text.Length is <= EpochLength + 1 or > MaxLength || text[EpochLength] != '.') return false;
        if (!Guid.TryParseExact(text[..EpochLength], "N", out Guid epoch)) return false;
        if (!long.TryParse(text[(EpochLength + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)) return false;
        cursor = new RevocationCursor(epoch, sequence);
        return text.SequenceEqual(cursor.ToString());
    }

    /// <summary>32 hexadecimal digits, a dot, the sequence.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch:N}.{Sequence}");
}
