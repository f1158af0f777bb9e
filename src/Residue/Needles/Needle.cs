namespace Spiffe.Agent.Residue.Needles;

/// <summary>What one spelling of one secret is known by. Nothing that the secret could be had from.</summary>
/// <remarks>
/// <para>Kept are four anchors and a tag. An anchor is a keyed hash of four bytes; the four overlap, and cover seven bytes of the window. The tag is a keyed SHA-256 of the whole window,
/// cut to 128 bits.</para>
/// <para>Why no rolling hash of the window is kept: rolling hashes are linear. A few of 64 bits, over several spellings of one 256-bit key, are a system of equations that lattice reduction solves. So
/// what is linear here reaches seven bytes and no further, and those of all spellings lie in the same eight bytes of a key: whoever reads all of it, and the key of the hash, has of a P-256 key 192 bits
/// still to guess, behind SHA-256 or behind the curve.</para>
/// </remarks>
/// <param name="Form">Which spelling.</param>
/// <param name="Length">Bytes of the window.</param>
/// <param name="Lead">Where in the window the anchors begin.</param>
/// <param name="Anchors">Of the four bytes there, and one, two and three bytes later: an occurrence shows exactly one of them at a multiple of four.</param>
/// <param name="Check">Of hexadecimal digits, of which there are too few to tell by four: of the four behind the anchored ones.</param>
/// <param name="Tag">Of the whole window.</param>
internal readonly record struct Needle(NeedleForm Form, byte Length, byte Lead, NeedleAnchors Anchors, uint Check, UInt128 Tag)
{
    /// <summary>Longest window, in bytes. Ours: bounds what is carried from one piece of data to the next.</summary>
    public const int MaxLength = 64;

    /// <summary>Bytes of an anchor, and the step of the search.</summary>
    public const int AnchorLength = 4;

    /// <summary>Bytes that the four anchors cover.</summary>
    public const int AnchoredLength = 7;
}
