using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Spiffe.Agent.Tasks;

/// <summary>Names one task: 128 random bits as 26 letters and digits <c>[a-z2-7]</c> (base32 of RFC 4648 §6, lower case, without padding). Never used twice, and worth nothing to who knows it.</summary>
public sealed class TaskId : IEquatable<TaskId>
{
    /// <summary>Characters of an id.</summary>
    public const int Length = 26;

    private const int Bytes = 16;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    private readonly string _text;

    private TaskId(string text) => _text = text;

    /// <summary>An id that no task has had: a collision among 2⁴⁰ tasks is as likely as guessing a 49-bit number.</summary>
    public static TaskId New()
    {
        Span<byte> random = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(random);
        return new TaskId(string.Create(Length, UInt128FromBigEndian(random), static (text, bits) =>
        {
            // 26 characters hold 130 bits: the last one carries three of the id and two zeros.
            UInt128 rest = bits;
            text[^1] = Alphabet[(int)((rest & 0x7) << 2)];
            rest >>= 3;
            for (int i = Length - 2; i >= 0; i--)
            {
                text[i] = Alphabet[(int)(rest & 0x1F)];
                rest >>= 5;
            }
        }));
    }

    /// <summary>Reads an id; one that <see cref="New"/> cannot have made is refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out TaskId? id)
    {
        id = null;
        if (text.Length != Length || text.ContainsAnyExcept(Letters)) return false;
        if ((Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & 0x3) != 0) return false; // Bits that do not exist.
        id = new TaskId(text.ToString());
        return true;
    }

    public bool Equals(TaskId? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as TaskId);

    public override int GetHashCode() => string.GetHashCode(_text, StringComparison.Ordinal);

    public override string ToString() => _text;

    private static UInt128 UInt128FromBigEndian(ReadOnlySpan<byte> bytes) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
}
