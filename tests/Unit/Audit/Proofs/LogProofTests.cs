using System.Globalization;
using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Proofs;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tests.Unit.Audit.Merkle;
using Spiffe.Agent.Tests.Unit.Audit.Notes;

namespace Spiffe.Agent.Tests.Unit.Audit.Proofs;

/// <summary>Receipts. C2SP tlog-proof.</summary>
public sealed class LogProofTests : IDisposable
{
    private const int Size = 21;
    private const string Origin = "log.example.org";

    private static readonly Leaves Tree = Leaves.Numbered(Size);

    private readonly NoteSigner _log = Signer(Origin);
    private readonly Witness _witness = new("witness.example.org");

    public void Dispose()
    {
        _log.Dispose();
        _witness.Dispose();
    }

    [Fact]
    public void Every_entry_has_a_receipt_that_verifies_after_it_was_written_and_read()
    {
        for (int index = 0; index < Size; index++)
        {
            LogProof proof = Read(Encoding.UTF8.GetString(LogProof.Of(index, Head(), Tree.Node).ToArray()));

            Assert.Equal("", Verify(proof, index).Fault);
            Assert.Equal("the entry is not there", Verify(proof, (index + 1) % Size).Fault);
        }
    }

    [Fact]
    public void A_receipt_is_written_as_the_specification_writes_one()
    {
        string[] lines = Encoding.UTF8.GetString(LogProof.Of(20, Head(), Tree.Node).ToArray()).Split('\n');

        Assert.Equal(["c2sp.org/tlog-proof@v1", "index 20", Tree.Node(2, 4).ToString(), Tree.Node(4, 0).ToString(), "", Origin, "21", Tree.Frontier.Root.ToString(), ""], lines[..9]);
    }

    [Fact]
    public void The_index_is_part_of_what_is_proved()
    {
        string text = Encoding.UTF8.GetString(LogProof.Of(5, Head(), Tree.Node).ToArray());

        Assert.Equal("the entry is not there", Verify(Read(text.Replace("index 5", "index 4", StringComparison.Ordinal)), 5).Fault);
        Assert.Equal("the entry is not there", Verify(Read(text.Replace("index 5", "index 4", StringComparison.Ordinal)), 4).Fault);
    }

    [Fact]
    public void Witnesses_who_cosigned_are_in_the_verdict_and_do_not_stand_in_for_the_log()
    {
        SignedNote cosigned = _witness.Cosign(Head(), 1_000);
        using NoteSigner stranger = Signer(Origin);
        SignedNote withoutLog = _witness.Cosign(stranger.Sign(Head().Text), 1_000);

        Assert.Equal([_log.VerifierKey, _witness.Key], LogProof.Of(5, cosigned, Tree.Node).Verify("5"u8, _log.VerifierKey, [_witness.Key]).Signatures.Select(signature => signature.Key));
        Assert.Equal("the log has not signed it", LogProof.Of(5, withoutLog, Tree.Node).Verify("5"u8, _log.VerifierKey, [_witness.Key]).Fault);
        Assert.Equal("no known key signed it", LogProof.Of(5, withoutLog, Tree.Node).Verify("5"u8, _log.VerifierKey, []).Fault);
    }

    [Fact]
    public void A_checkpoint_of_another_log_proves_nothing_whoever_signed_it()
    {
        SignedNote other = _log.Sign(new Checkpoint("another.example.org", Size, Tree.Frontier.Root).ToText());

        Assert.Equal("the checkpoint is another log's", Verify(LogProof.Of(5, other, Tree.Node), 5).Fault);
    }

    [Fact]
    public void Extra_data_passes_and_means_nothing()
    {
        string text = Encoding.UTF8.GetString(LogProof.Of(5, Head(), Tree.Node).ToArray());

        Assert.True(Verify(Read(text.Replace("\nindex", "\nextra AAAA\nindex", StringComparison.Ordinal)), 5).Accepted);
    }

    [Theory]
    [InlineData("", "there is no blank line before a checkpoint")]
    [InlineData("x\nindex 0\n\n", "the first line is not c2sp.org/tlog-proof@v1")]
    [InlineData("c2sp.org/tlog-proof@v1\n\n", "there is no index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 01\n\n", "there is no index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex -1\n\n", "there is no index")]
    [InlineData("c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\n", "the extra data is not base64")]
    [InlineData("c2sp.org/tlog-proof@v1\nextra AAAA\n\n", "there is no index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n", "hash 1 is not 32 bytes in base64")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\n\ntext\n", "there is no blank line with signatures after it")]
    public void What_is_not_a_receipt_is_refused_with_the_reason(string text, string fault)
    {
        Assert.False(LogProof.TryParse(Encoding.UTF8.GetBytes(text), out _, out string found));
        Assert.Equal(fault, found);
    }

    [Fact]
    public void A_path_longer_than_any_tree_is_refused()
    {
        string text = $"c2sp.org/tlog-proof@v1\nindex 0\n{string.Concat(Enumerable.Repeat($"{TreeHasher.Empty}\n", LogProof.MaxPath + 1))}\n";

        Assert.False(LogProof.TryParse(Encoding.UTF8.GetBytes(text), out _, out string fault));
        Assert.Equal("more than 63 hashes", fault);
    }

    /// <summary>Of a receipt without unused parts no bit can change.</summary>
    [Fact]
    public void A_receipt_with_one_bit_changed_is_refused()
    {
        byte[] proof = LogProof.Of(5, Head(), Tree.Node).ToArray();
        for (int bit = 0; bit < proof.Length * 8; bit++)
        {
            byte[] changed = [.. proof];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.False(LogProof.TryParse(changed, out LogProof? read, out _) && Verify(read, 5).Accepted);
        }
    }

    private NoteVerdict Verify(LogProof proof, int entry) => proof.Verify(Encoding.ASCII.GetBytes(entry.ToString(CultureInfo.InvariantCulture)), _log.VerifierKey, []);

    private SignedNote Head() => _log.Sign(new Checkpoint(Origin, Size, Tree.Frontier.Root).ToText());

    private static NoteSigner Signer(string name)
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        return new NoteSigner(name, seed);
    }

    private static LogProof Read(string text)
    {
        Assert.True(LogProof.TryParse(Encoding.UTF8.GetBytes(text), out LogProof? proof, out string fault), fault);
        return proof;
    }
}
