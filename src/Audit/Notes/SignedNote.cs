using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Spiffe.Agent.Audit.Notes;

/// <summary>A text and the signatures under it. C2SP signed-note.</summary>
/// <remarks>Reading proves nothing: look at the text only after <see cref="Verify"/> accepted it.</remarks>
public sealed class SignedNote
{
    /// <summary>Longest note that is read, in bytes. Ours; the format asks verifiers for some limit.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>Most signatures that are read. Ours; the format asks for at least 16.</summary>
    public const int MaxSignatures = 100;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _text;

    /// <param name="text">Not empty, ends in a newline, no other control characters.</param>
    /// <param name="signatures">At least one.</param>
    /// <exception cref="ArgumentException">Of text and signatures no note can be made that reads back the same.</exception>
    public SignedNote(ReadOnlySpan<byte> text, IEnumerable<NoteSignature> signatures)
    {
        _text = text.ToArray();
        Signatures = [.. signatures];
        if (!TryParse(ToArray(), out SignedNote? same, out string fault)) throw new ArgumentException(fault);
        if (!same.Text.SequenceEqual(text)) throw new ArgumentException("the text does not read back the same");
    }

    private SignedNote(byte[] text, ImmutableArray<NoteSignature> signatures) => (_text, Signatures) = (text, signatures);

    /// <summary>The text with its last newline.</summary>
    public ReadOnlySpan<byte> Text => _text;

    public ImmutableArray<NoteSignature> Signatures { get; }

    /// <param name="bytes">A whole note.</param>
    /// <param name="note">The note, or null.</param>
    /// <param name="fault">What is wrong, or empty.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedNote? note, out string fault)
    {
        note = null;
        fault = FaultOf(bytes);
        if (fault.Length > 0) return false;
        int blank = bytes.LastIndexOf("\n\n"u8);
        if (blank < 0 || bytes[^1] != '\n')
        {
            fault = "there is no blank line with signatures after it";
            return false;
        }

        if (blank + 2 == bytes.Length)
        {
            fault = "there is no signature below the text";
            return false;
        }

        List<NoteSignature> signatures = [];
        foreach (string line in Strict.GetString(bytes[(blank + 2)..^1]).Split('\n'))
        {
            if (signatures.Count == MaxSignatures) fault = $"more than {MaxSignatures} signatures";
            else if (!NoteSignature.TryParse(line, out NoteSignature? signature)) fault = $"line {signatures.Count + 1} below the text is not a signature";
            else signatures.Add(signature);
            if (fault.Length > 0) return false;
        }

        note = new SignedNote(bytes[..(blank + 1)].ToArray(), [.. signatures]);
        return true;
    }

    /// <summary>The note as it is stored and sent.</summary>
    public byte[] ToArray() => [.. _text, (byte)'\n', .. Strict.GetBytes(string.Concat(Signatures.Select(signature => $"{signature}\n")))];

    /// <summary>The same note with one more signature under it, such as a witness's.</summary>
    public SignedNote With(NoteSignature signature) => new(Text, Signatures.Add(signature));

    /// <summary>Refused when a signature of a known key is wrong, or none is there. Signatures of other keys are ignored.</summary>
    public NoteVerdict Verify(IReadOnlyCollection<NoteVerifierKey> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        List<VerifiedSignature> verified = [];
        foreach (NoteSignature signature in Signatures)
        {
            foreach (NoteVerifierKey key in known.Where(key => key.Claims(signature)))
            {
                if (!key.Verify(_text, signature.Value.AsSpan(), out long? cosignedAt)) return NoteVerdict.Refused($"the signature of {key.Name} is wrong");
                if (verified.All(other => other.Key != key)) verified.Add(new VerifiedSignature(key, cosignedAt));
            }
        }

        return verified.Count > 0 ? new NoteVerdict([.. verified], "") : NoteVerdict.Refused("no known key signed it");
    }

    private static string FaultOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength) return $"longer than {MaxLength} bytes";
        foreach (byte b in bytes)
        {
            if (b < ' ' && b != '\n') return "a control character";
        }

        return Utf8.IsValid(bytes) ? "" : "not UTF-8";
    }
}
