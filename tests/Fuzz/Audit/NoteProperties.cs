using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Fuzz.Audit;

/// <summary>Whatever is read as a note is written as the same bytes, and no byte of a signed one can be changed.</summary>
public sealed class NoteProperties
{
    private static readonly byte[][] Parts =
    [
        [.. "\n"u8], [.. "\n\n"u8], [.. "\u2014 "u8], [.. "\u2014 a AAAAAAA=\n"u8], [.. "\u2014 b AAAAAAAA\n"u8], [.. "text"u8], [.. " "u8], [.. "+"u8], [0xe2, 0x80], [0], [0xff], [.. "\u2028"u8], [.. "AAAAAAA="u8],
    ];

    [Fact]
    public void A_note_that_is_read_is_written_the_same() =>
        Prop.ForAll(Gen.Elements(Parts).ArrayOf().ToArbitrary(), parts =>
        {
            byte[] bytes = [.. parts.SelectMany(part => part)];
            if (SignedNote.TryParse(bytes, out SignedNote? note, out string fault)) Assert.Equal(bytes, note.ToArray());
            else Assert.NotEmpty(fault);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void A_signed_checkpoint_with_one_bit_changed_is_refused()
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        using NoteSigner signer = new("log.example.org", seed);
        byte[] note = signer.Sign(new Checkpoint("log.example.org", 1_234, TreeHasher.Leaf([1])).ToText()).ToArray();
        for (int bit = 0; bit < note.Length * 8; bit++)
        {
            byte[] changed = [.. note];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.False(SignedNote.TryParse(changed, out SignedNote? read, out _) && read.Verify([signer.VerifierKey]).Accepted);
        }
    }

    [Fact]
    public void A_checkpoint_is_read_as_it_was_written() =>
        Prop.ForAll(Gen.Choose(1, int.MaxValue).ToArbitrary(), size =>
        {
            Checkpoint checkpoint = new("o", size, TreeHasher.Leaf(BitConverter.GetBytes(size)));

            Assert.True(Checkpoint.TryParse(checkpoint.ToText(), out Checkpoint? read, out string fault), fault);
            Assert.Equal(checkpoint, read);
        }).Check(Config.QuickThrowOnFailure);
}
