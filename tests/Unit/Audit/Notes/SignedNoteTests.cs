using System.Text;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Unit.Audit.Notes;

/// <summary>C2SP signed-note, with its own example and the one of the Go package that the format comes from.</summary>
public sealed class SignedNoteTests
{
    private const string ExampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    private const string Example = "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    private const string GoKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    private const string GoNote = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        + "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    [Theory]
    [InlineData(ExampleKey, Example)]
    [InlineData(GoKey, GoNote)]
    public void The_published_examples_verify_and_are_written_as_they_were_read(string key, string text)
    {
        SignedNote note = Read(text);

        Assert.True(note.Verify([Key(key)]).Accepted);
        Assert.Equal(text, Encoding.UTF8.GetString(note.ToArray()));
        Assert.Equal(key, Key(key).ToString());
    }

    [Fact]
    public void The_private_key_of_the_Go_example_makes_its_note()
    {
        using SecretBytes seed = SecretBytes.CopyOf(Convert.FromBase64String("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz").AsSpan(1));
        using NoteSigner signer = new("PeterNeumann", seed);

        Assert.Equal(GoKey, signer.VerifierKey.ToString());
        Assert.Equal(GoNote, Encoding.UTF8.GetString(signer.Sign(Read(GoNote).Text).ToArray()));
    }

    [Fact]
    public void A_changed_text_is_refused_by_name()
    {
        NoteVerdict verdict = Read(Example.Replace("an example", "no example", StringComparison.Ordinal)).Verify([Key(ExampleKey)]);

        Assert.False(verdict.Accepted);
        Assert.Equal("the signature of example.com/foo is wrong", verdict.Fault);
        Assert.Empty(verdict.Signatures);
    }

    [Fact]
    public void A_note_that_nobody_known_has_signed_is_refused()
    {
        Assert.Equal("no known key signed it", Read(Example).Verify([Key(GoKey)]).Fault);
        Assert.False(Read(Example).Verify([]).Accepted);
    }

    [Fact]
    public void Signatures_of_others_are_ignored_even_under_the_same_name()
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        using NoteSigner namesake = new("example.com/foo", seed);
        SignedNote note = Read(Example);

        Assert.True(note.With(namesake.Sign(note.Text).Signatures[0]).Verify([Key(ExampleKey)]).Accepted);
        Assert.False(namesake.Sign(note.Text).Verify([Key(ExampleKey)]).Accepted);
    }

    [Fact]
    public void One_wrong_signature_of_a_known_key_condemns_the_note_however_many_are_right()
    {
        SignedNote right = Read(Example);
        SignedNote note = right.With(right.Signatures[0] with { Value = right.Signatures[0].Value.SetItem(0, 0) });

        Assert.Equal("the signature of example.com/foo is wrong", note.Verify([Key(ExampleKey)]).Fault);
    }

    [Fact]
    public void A_key_that_signs_twice_counts_once()
    {
        SignedNote note = Read(Example);

        Assert.Single(note.With(note.Signatures[0]).Verify([Key(ExampleKey)]).Signatures);
    }

    [Fact]
    public void Several_keys_are_told_apart()
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        using NoteSigner another = new("another", seed);
        SignedNote note = Read(Example);

        NoteVerdict verdict = note.With(another.Sign(note.Text).Signatures[0]).Verify([Key(ExampleKey), another.VerifierKey]);

        Assert.Equal(["example.com/foo", "another"], verdict.Signatures.Select(signature => signature.Key.Name));
    }

    [Fact]
    public void The_text_ends_at_the_last_blank_line()
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        using NoteSigner signer = new("poet", seed);
        byte[] text = Encoding.UTF8.GetBytes("one\n\ntwo\n\n\u2014 poet AAAAAAA=\n");

        Assert.Equal(text, Read(Encoding.UTF8.GetString(signer.Sign(text).ToArray())).Text.ToArray());
    }

    [Theory]
    [InlineData("", "there is no blank line with signatures after it")]
    [InlineData("text\n", "there is no blank line with signatures after it")]
    [InlineData("text\n\n", "there is no signature below the text")]
    [InlineData("text\n\n\u2014 a AAAAAAA=", "there is no blank line with signatures after it")]
    [InlineData("text\n\n- a AAAAAAA=\n", "line 1 below the text is not a signature")]
    [InlineData("text\n\n\u2014 a AAAAAAA=\nmore\n", "line 2 below the text is not a signature")]
    [InlineData("text\n\n\u2014 a+b AAAAAAA=\n", "line 1 below the text is not a signature")]
    [InlineData("text\n\n\u2014 a\u00a0b AAAAAAA=\n", "line 1 below the text is not a signature")]
    [InlineData("text\n\n\u2014  AAAAAAA=\n", "line 1 below the text is not a signature")]
    [InlineData("text\n\n\u2014 a AAAAAA==\n", "line 1 below the text is not a signature")]
    [InlineData("text\n\n\u2014 a AAAAAAB=\n", "line 1 below the text is not a signature")]
    [InlineData("text\n\n\u2014 a AAAA AAA=\n", "line 1 below the text is not a signature")]
    [InlineData("text\n\n\u2014 a AAAAAAA=\u2028\u2014 a AAAAAAA=\n", "line 1 below the text is not a signature")]
    [InlineData("te\txt\n\n\u2014 a AAAAAAA=\n", "a control character")]
    [InlineData("te\r\nxt\n\n\u2014 a AAAAAAA=\n", "a control character")]
    public void What_is_not_a_note_is_refused_with_the_reason(string text, string fault)
    {
        Assert.False(SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out _, out string found));
        Assert.Equal(fault, found);
    }

    [Fact]
    public void What_is_not_UTF_8_too_long_or_signed_too_often_is_refused()
    {
        Assert.Equal("not UTF-8", FaultOf([0xff, .. "\n\n\u2014 a AAAAAAA=\n"u8]));
        Assert.Equal($"longer than {SignedNote.MaxLength} bytes", FaultOf(new byte[SignedNote.MaxLength + 1]));
        string line = "\u2014 a AAAAAAA=\n";
        Assert.Equal("", FaultOf(Encoding.UTF8.GetBytes($"t\n\n{string.Concat(Enumerable.Repeat(line, SignedNote.MaxSignatures))}")));
        Assert.Equal($"more than {SignedNote.MaxSignatures} signatures", FaultOf(Encoding.UTF8.GetBytes($"t\n\n{string.Concat(Enumerable.Repeat(line, SignedNote.MaxSignatures + 1))}")));
    }

    [Theory]
    [InlineData("no newline")]
    [InlineData("tab\t\n")]
    [InlineData("")]
    public void What_would_not_read_back_the_same_is_not_signed(string text)
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        using NoteSigner signer = new("a", seed);

        Assert.Throws<ArgumentException>(() => signer.Sign(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv")]
    [InlineData("example.com/foo+530d903a")]
    [InlineData("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("")]
    public void A_key_whose_id_kind_or_form_is_another_is_refused(string text)
    {
        Assert.False(NoteVerifierKey.TryParse(text, out _, out string fault));
        Assert.NotEmpty(fault);
    }

    private static SignedNote Read(string text)
    {
        Assert.True(SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out SignedNote? note, out string fault), fault);
        return note;
    }

    private static string FaultOf(byte[] bytes) => SignedNote.TryParse(bytes, out _, out string fault) ? "" : fault;

    private static NoteVerifierKey Key(string text)
    {
        Assert.True(NoteVerifierKey.TryParse(text, out NoteVerifierKey? key, out string fault), fault);
        return key;
    }
}
