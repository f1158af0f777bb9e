using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Unit.Audit.Notes;

/// <summary>C2SP tlog-checkpoint and tlog-cosignature.</summary>
public sealed class CheckpointTests
{
    private const string Root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    private static readonly Checkpoint Example = Read($"example.com/behind-the-sofa\n20852163\n{Root}\n");

    [Fact]
    public void The_example_of_the_specification_is_read_and_written()
    {
        Assert.Equal(("example.com/behind-the-sofa", 20_852_163L, Root), (Example.Origin, Example.Size, Example.Root.ToString()));
        Assert.Equal($"example.com/behind-the-sofa\n20852163\n{Root}\n", Encoding.UTF8.GetString(Example.ToText()));
    }

    /// <summary>C2SP tlog-cosignature writes out the message that goes with its example.</summary>
    [Fact]
    public void A_cosignature_covers_the_time_and_the_whole_text() =>
        Assert.Equal(
            $"cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n{Root}\n",
            Encoding.UTF8.GetString(NoteVerifierKey.CosignedMessage(1_679_315_147, Example.ToText())));

    [Fact]
    public void Extension_lines_pass_and_mean_nothing() => Assert.Equal(Example, Read($"example.com/behind-the-sofa\n20852163\n{Root}\nmore\n"));

    [Theory]
    [InlineData("", "not three lines and a newline")]
    [InlineData("o\n1\n", "not three lines and a newline")]
    [InlineData($"o\n1\n{Root}", "not three lines and a newline")]
    [InlineData($"\n1\n{Root}\n", "an empty line")]
    [InlineData($"o\n1\n{Root}\n\n", "an empty line")]
    [InlineData($"o\n01\n{Root}\n", "the size is not a decimal number without leading zeros")]
    [InlineData($"o\n+1\n{Root}\n", "the size is not a decimal number without leading zeros")]
    [InlineData($"o\n-1\n{Root}\n", "the size is not a decimal number without leading zeros")]
    [InlineData($"o\n 1\n{Root}\n", "the size is not a decimal number without leading zeros")]
    [InlineData($"o\n9223372036854775808\n{Root}\n", "the size is not a decimal number without leading zeros")]
    [InlineData($"o\n0\n{Root}\n", "the root is not that of an empty tree")]
    [InlineData("o\n1\nAAAA\n", "the root is not 32 bytes in base64")]
    public void What_is_not_a_checkpoint_is_refused_with_the_reason(string text, string fault)
    {
        Assert.False(Checkpoint.TryParse(Encoding.UTF8.GetBytes(text), out _, out string found));
        Assert.Equal(fault, found);
    }

    [Fact]
    public void An_empty_log_has_a_checkpoint() => Assert.Equal(0, Read($"o\n0\n{TreeHasher.Empty}\n").Size);

    [Fact]
    public void Log_and_witness_are_verified_each_in_its_own_way()
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        using NoteSigner log = new("example.com/behind-the-sofa", seed);
        using Witness witness = new("witness.example.com/w1");
        SignedNote note = witness.Cosign(log.Sign(Example.ToText()), 1_679_315_147);

        NoteVerdict verdict = note.Verify([log.VerifierKey, witness.Key]);

        Assert.Equal([(log.VerifierKey, null), (witness.Key, 1_679_315_147L)], verdict.Signatures.Select(signature => (signature.Key, signature.CosignedAt)));
    }

    [Fact]
    public void A_cosignature_at_another_time_or_over_another_text_is_wrong()
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        using NoteSigner log = new("log", seed);
        using Witness witness = new("witness");
        SignedNote note = log.Sign(Example.ToText());
        NoteSignature cosignature = witness.Cosign(note, 1_000).Signatures[1];

        Assert.True(note.With(cosignature).Verify([witness.Key]).Accepted);
        Assert.False(note.With(cosignature with { Value = cosignature.Value.SetItem(7, 1) }).Verify([witness.Key]).Accepted);
        Assert.False(note.With(cosignature with { Value = cosignature.Value.SetItem(0, 0x80) }).Verify([witness.Key]).Accepted);
        Assert.False(note.With(cosignature with { Value = cosignature.Value[8..] }).Verify([witness.Key]).Accepted);
        Assert.False(log.Sign((Example with { Size = 1 }).ToText()).With(cosignature).Verify([witness.Key]).Accepted);
    }

    /// <summary>One key under two kinds has two ids: what it signs as a log says nothing as a witness.</summary>
    [Fact]
    public void A_log_does_not_cosign_by_signing()
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        using NoteSigner log = new("log", seed);
        NoteVerifierKey asWitness = new("log", SignatureKind.Cosignature, log.VerifierKey.PublicKey);

        Assert.NotEqual(log.VerifierKey.Id, asWitness.Id);
        Assert.Equal("no known key signed it", log.Sign(Example.ToText()).Verify([asWitness]).Fault);
    }

    private static Checkpoint Read(string text)
    {
        Assert.True(Checkpoint.TryParse(Encoding.UTF8.GetBytes(text), out Checkpoint? checkpoint, out string fault), fault);
        return checkpoint;
    }
}
