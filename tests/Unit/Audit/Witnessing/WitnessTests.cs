using System.Net;
using System.Text;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Audit.Witnessing;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Unit.Audit.Witnessing;

/// <summary>Witnesses make a log that is set back or forked known; a log alone could do both and nobody would see it.</summary>
public sealed class WitnessTests : IDisposable
{
    private const string Origin = "example.org/log";

    private readonly string _directory = Directory.CreateTempSubdirectory("witness-").FullName;
    private readonly NoteSigner _signer = NewSigner();
    private readonly List<HonestWitness> _witnesses = [];
    private readonly List<WitnessAnswer> _answers = [];
    private TileWriter _tiles;

    public WitnessTests() => _tiles = new TileWriter(_directory, 0);

    public void Dispose()
    {
        _signer.Dispose();
        foreach (HonestWitness witness in _witnesses) witness.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_growing_log_is_cosigned_with_proofs_and_its_head_is_kept()
    {
        using WitnessRounds rounds = Rounds(2);
        Grow(300);
        Assert.True(await rounds.RoundAsync(CancellationToken.None));
        Grow(1_000);
        Assert.True(await rounds.RoundAsync(CancellationToken.None));

        Assert.All(_witnesses, witness => Assert.Equal((1_000L, 2), (witness.Size, witness.Asked)));
        Assert.True(SignedNote.TryParse(File.ReadAllBytes(Path.Combine(_directory, WitnessRounds.FileName)), out SignedNote? kept, out _));
        Assert.True(Policy(2).Verify(kept).Accepted);
        Assert.False(await rounds.RoundAsync(CancellationToken.None)); // Nothing new: nobody is asked.
        Assert.All(_witnesses, witness => Assert.Equal(2, witness.Asked));
    }

    [Fact]
    public async Task A_log_that_was_restarted_learns_from_the_witness_where_it_was()
    {
        using (WitnessRounds before = Rounds(1))
        {
            Grow(100);
            Assert.True(await before.RoundAsync(CancellationToken.None));
        }

        Grow(400);
        using WitnessRounds after = Rounds(1);
        Assert.True(await after.RoundAsync(CancellationToken.None));
        Assert.Equal((400L, 3), (_witnesses[0].Size, _witnesses[0].Asked)); // Asked from 0, told 100, asked from there.
    }

    [Fact]
    public async Task A_log_that_was_set_back_is_found_out_although_it_signs_for_itself()
    {
        using WitnessRounds rounds = Rounds(1);
        Grow(100);
        SignedNote older = Head();
        Grow(400);
        await rounds.RoundAsync(CancellationToken.None);

        Assert.True(LogPolicy.Of(_signer.VerifierKey).Verify(older).Accepted); // Without witnesses an old head is as good as any.
        WitnessAnswer answer = await new WitnessClient(new HttpMessageInvoker(_witnesses[0], disposeHandler: false), _witnesses[0].Key, new Uri("http://witness.example/")).CosignAsync(older, new TileReader(_directory, 100).Node, CancellationToken.None);
        Assert.Equal(WitnessOutcome.SetBack, answer.Outcome);
    }

    [Fact]
    public async Task A_fork_is_found_out_although_the_log_signs_for_both()
    {
        using WitnessRounds rounds = Rounds(1);
        Grow(100);
        await rounds.RoundAsync(CancellationToken.None);
        Directory.Delete(Path.Combine(_directory, "tile"), recursive: true);
        _tiles = new TileWriter(_directory, 0);
        Grow(400, "another history");

        Assert.True(LogPolicy.Of(_signer.VerifierKey).Verify(Head()).Accepted);
        Assert.False(await rounds.RoundAsync(CancellationToken.None));
        Assert.Equal(WitnessOutcome.Forked, _answers[^1].Outcome);
    }

    [Fact]
    public async Task Too_few_cosignatures_are_not_kept_as_enough()
    {
        using WitnessRounds rounds = Rounds(3);
        Grow(10);
        _witnesses[0].Instead = _witnesses[1].Instead = static () => throw new HttpRequestException("no route");

        Assert.False(await rounds.RoundAsync(CancellationToken.None)); // Two of three are needed.
        Assert.False(File.Exists(Path.Combine(_directory, WitnessRounds.FileName)));
        _witnesses[1].Instead = null;
        Assert.True(await rounds.RoundAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "not a signature\n")]
    [InlineData(200, "— witness-0 AAAAAQEBAQE=\n")]
    [InlineData(409, "many\n")]
    [InlineData(500, "")]
    [InlineData(302, "")]
    public async Task What_is_no_answer_of_a_witness_is_none(int status, string body)
    {
        using WitnessRounds rounds = Rounds(1);
        Grow(10);
        _witnesses[0].Instead = () => new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8) };

        Assert.False(await rounds.RoundAsync(CancellationToken.None));
        Assert.Equal((WitnessOutcome.Unreachable, (NoteSignature?)null), (_answers[^1].Outcome, _answers[^1].Cosignature));
    }

    [Fact]
    public async Task A_witness_of_other_logs_says_so()
    {
        using NoteSigner other = NewSigner();
        _witnesses.Add(new HonestWitness("witness-0", other.VerifierKey));
        using WitnessRounds rounds = Rounds(1);
        Grow(10);

        Assert.False(await rounds.RoundAsync(CancellationToken.None));
        Assert.Equal(WitnessOutcome.Unknown, _answers[^1].Outcome);
    }

    [Fact]
    public void A_witness_without_an_address_cannot_be_asked() =>
        Assert.Contains("submission prefix", Assert.Throws<ArgumentException>(() => new WitnessRounds(Policy(1, url: "nowhere"), _directory, () => null, (_, _) => { }, TimeProvider.System)).Message, StringComparison.Ordinal);

    private static NoteSigner NewSigner()
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        return new NoteSigner(Origin, seed);
    }

    private WitnessRounds Rounds(int witnesses)
    {
        LogPolicy policy = Policy(witnesses);
        return new WitnessRounds(policy, _directory, Head, (_, answer) => _answers.Add(answer), TimeProvider.System, new HttpMessageInvoker(new ToEach(_witnesses), disposeHandler: false));
    }

    /// <summary>More than half of them are enough.</summary>
    private LogPolicy Policy(int witnesses, string? url = null)
    {
        while (_witnesses.Count < witnesses) _witnesses.Add(new HonestWitness($"witness-{_witnesses.Count}", _signer.VerifierKey));
        StringBuilder text = new($"log {_signer.VerifierKey}\n");
        for (int i = 0; i < witnesses; i++) text.Append($"witness w{i} {_witnesses[i].Key} {url ?? $"http://{i}.witness.example/submit/"}\n");
        text.Append($"group all {(witnesses / 2) + 1} {string.Join(' ', Enumerable.Range(0, witnesses).Select(i => $"w{i}"))}\nquorum all\n");
        Assert.True(LogPolicy.TryParse(Encoding.UTF8.GetBytes(text.ToString()), out LogPolicy? policy, out string fault), fault);
        return policy;
    }

    private void Grow(int size, string word = "entry")
    {
        while (_tiles.Size < size) _tiles.Append(Encoding.UTF8.GetBytes($"{word} {_tiles.Size}"));
        _tiles.Publish();
    }

    private SignedNote Head() => _signer.Sign(new Checkpoint(Origin, _tiles.Size, _tiles.Root).ToText());

    /// <summary>The network between the log and its witnesses.</summary>
    private sealed class ToEach(List<HonestWitness> witnesses) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new HttpMessageInvoker(witnesses[request.RequestUri!.Host[0] - '0'], disposeHandler: false).SendAsync(request, cancellationToken);
    }
}
