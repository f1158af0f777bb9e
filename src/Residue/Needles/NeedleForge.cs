using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Spiffe.Agent.Residue.Needles;

/// <summary>Makes the needles of a secret: one for each spelling that it may be left in. What it copies of the secret it zeroes.</summary>
/// <remarks>
/// In base64, three bytes become four characters, so a secret looks different for each place modulo three that it begins at; characters that also hold bits of neighbours are left out. Of a number the
/// last bytes are taken: those who write numbers without leading zeros leave the same.
/// </remarks>
/// <param name="key">Of this run.</param>
internal sealed class NeedleForge(NeedleKey key)
{
    /// <summary>Bytes that are taken of a key: 240 bits, and two bytes of leading zeros may be missing of a 256-bit one.</summary>
    private const int NumberLength = 30;

    /// <summary>Characters that are taken of a token's signature: 240 bits.</summary>
    private const int SignatureLength = 40;

    /// <summary>No shorter text holds a needle: the bytes of a key as they are.</summary>
    public const int ShortestWindow = NumberLength;

    /// <summary>Of a private key's number, big-endian. None of fewer than 30 bytes, which no key of ours has.</summary>
    public void OfNumber(ReadOnlySpan<byte> number, ICollection<Needle> into)
    {
        if (number.Length < NumberLength) return;
        Span<byte> window = stackalloc byte[2 * NumberLength];
        try
        {
            ReadOnlySpan<byte> core = number[^NumberLength..];
            into.Add(key.NeedleOf(NeedleForm.Bytes, core));
            core.CopyTo(window);
            window[..NumberLength].Reverse();
            into.Add(key.NeedleOf(NeedleForm.BytesReversed, window[..NumberLength], NumberLength - Needle.AnchoredLength));
            Convert.TryToHexString(core, window, out _);
            into.Add(key.NeedleOf(NeedleForm.Hex, window));
            Ascii.ToLowerInPlace(window, out _);
            into.Add(key.NeedleOf(NeedleForm.Hex, window));
            InBase64(core, NeedleForm.Base64, into);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(window);
        }
    }

    /// <summary>Of a token's last segment. None of one that is too short to be a signature.</summary>
    public void OfToken(ReadOnlySpan<char> token, ICollection<Needle> into)
    {
        ReadOnlySpan<char> signature = token[(token.LastIndexOf('.') + 1)..];
        if (signature.Length < SignatureLength) return;
        Span<byte> window = stackalloc byte[SignatureLength];
        try
        {
            Encoding.ASCII.GetBytes(signature[..SignatureLength], window);
            into.Add(key.NeedleOf(NeedleForm.Token, window));
            InBase64(window, NeedleForm.TokenInBase64, into);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(window);
        }
    }

    /// <summary>At each of the three places, in both alphabets where they differ.</summary>
    private void InBase64(ReadOnlySpan<byte> core, NeedleForm form, ICollection<Needle> into)
    {
        Span<byte> text = stackalloc byte[Needle.MaxLength];
        try
        {
            for (int skip = 0; skip < 3; skip++)
            {
                ReadOnlySpan<byte> whole = core[skip..];
                Base64.EncodeToUtf8(whole[..(whole.Length / 3 * 3)], text, out _, out int length);
                Span<byte> window = text[..length];
                into.Add(key.NeedleOf(form, window));
                if (window.IndexOfAny((byte)'+', (byte)'/') < 0) continue;
                window.Replace((byte)'+', (byte)'-');
                window.Replace((byte)'/', (byte)'_');
                into.Add(key.NeedleOf(form, window));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
