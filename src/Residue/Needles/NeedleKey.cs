using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Residue.Needles;

/// <summary>The key of one run of the daemon: prints of another run, or of another machine, say nothing here, and nobody can make data that slows the search down.</summary>
internal sealed class NeedleKey : IDisposable
{
    /// <summary>Bits of an anchor.</summary>
    public const int AnchorBits = 32;

    private const int KeyLength = 32;

    private readonly SecretBytes _tagKey = SecretBytes.Create(KeyLength, 0, static (bytes, _) => RandomNumberGenerator.Fill(bytes));

    /// <summary>Odd, so that no two words share their product.</summary>
    public ulong Multiplier { get; } = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) | 1;

    /// <summary>The anchor of four bytes: the highest bits of a product that the others went into.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Anchor(uint word, ulong multiplier) => (uint)(unchecked((word + 1UL) * multiplier) >> (64 - AnchorBits));

    /// <summary>What a window is known by: 128 bits of SHA-256 of the key and the window.</summary>
    public UInt128 Tag(ReadOnlySpan<byte> window)
    {
        Span<byte> input = stackalloc byte[KeyLength + Needle.MaxLength];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _tagKey.CopyTo(input);
        window.CopyTo(input[KeyLength..]);
        SHA256.HashData(input[..(KeyLength + window.Length)], digest);
        CryptographicOperations.ZeroMemory(input);
        return MemoryMarshal.Read<UInt128>(digest);
    }

    /// <param name="form">Which spelling.</param>
    /// <param name="window">The spelling.</param>
    /// <param name="lead">Where its anchors begin.</param>
    public Needle NeedleOf(NeedleForm form, ReadOnlySpan<byte> window, int lead = 0)
    {
        NeedleAnchors anchors = default;
        for (int i = 0; i < Needle.AnchorLength; i++) anchors[i] = Anchor(MemoryMarshal.Read<uint>(window[(lead + i)..]), Multiplier);
        uint check = form == NeedleForm.Hex ? Anchor(MemoryMarshal.Read<uint>(window[(lead + Needle.AnchoredLength)..]), Multiplier) : 0;
        return new Needle(form, checked((byte)window.Length), checked((byte)lead), anchors, check, Tag(window));
    }

    public void Dispose() => _tagKey.Dispose();
}
