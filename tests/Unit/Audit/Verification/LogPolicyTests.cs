using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tests.Unit.Audit.Notes;

namespace Spiffe.Agent.Tests.Unit.Audit.Verification;

/// <summary>Whom one believes. C2SP tlog-policy.</summary>
public sealed class LogPolicyTests : IDisposable
{
    private readonly NoteSigner _log = Signer("log.example.org");
    private readonly Witness[] _x = [new("x1"), new("x2"), new("x3")];
    private readonly Witness[] _y = [new("y1"), new("y2"), new("y3")];

    public void Dispose()
    {
        _log.Dispose();
        foreach (Witness witness in _x.Concat(_y)) witness.Dispose();
    }

    /// <summary>The example of the specification: two of X, and one of Y.</summary>
    [Theory]
    [InlineData("", "", false)]
    [InlineData("12", "", false)]
    [InlineData("1", "123", false)]
    [InlineData("12", "3", true)]
    [InlineData("123", "123", true)]
    public void A_quorum_of_groups_counts_each_group_by_itself(string x, string y, bool accepted)
    {
        LogPolicy policy = Read($"""
            # logs
            log {_log.VerifierKey} https://log.example.org/

            witness X1 {_x[0].Key}
            witness X2 {_x[1].Key}
              witness{"\t"}X3 {_x[2].Key} https://x3.example.org/
            group X-witnesses 2 X1 X2 X3
            witness Y1 {_y[0].Key}
            witness Y2 {_y[1].Key}
            witness Y3 {_y[2].Key}
            group Y-witnesses any Y1 Y2 Y3
            group X-and-Y all X-witnesses Y-witnesses
            quorum X-and-Y

            """);
        SignedNote note = Head();
        foreach (char c in x) note = _x[c - '1'].Cosign(note, 1_000);
        foreach (char c in y) note = _y[c - '1'].Cosign(note, 1_000);

        Assert.Equal(accepted ? "" : "too few witnesses have cosigned it", policy.Verify(note).Fault);
    }

    [Fact]
    public void A_witness_that_cosigns_twice_counts_once()
    {
        LogPolicy policy = Read($"log {_log.VerifierKey}\nwitness a {_x[0].Key}\nwitness b {_x[1].Key}\ngroup g 2 a b\nquorum g\n");

        Assert.False(policy.Verify(_x[0].Cosign(_x[0].Cosign(Head(), 1_000), 2_000)).Accepted);
        Assert.True(policy.Verify(_x[1].Cosign(_x[0].Cosign(Head(), 1_000), 2_000)).Accepted);
    }

    [Fact]
    public void Witnesses_without_the_log_or_a_log_that_signs_in_the_name_of_another_are_not_enough()
    {
        using NoteSigner other = Signer("other.example.org");
        LogPolicy policy = Read($"log {_log.VerifierKey}\nlog {other.VerifierKey}\nwitness a {_x[0].Key}\nquorum a\n");
        using NoteSigner stranger = Signer("log.example.org");

        Assert.True(policy.Verify(_x[0].Cosign(Head(), 1_000)).Accepted);
        Assert.Equal("no log of the policy has signed it as its own", policy.Verify(_x[0].Cosign(stranger.Sign(Head().Text), 1_000)).Fault);
        Assert.Equal("no log of the policy has signed it as its own", policy.Verify(_x[0].Cosign(other.Sign(Head().Text), 1_000)).Fault);
    }

    [Fact]
    public void Without_a_quorum_the_log_is_enough()
    {
        Assert.True(Read($"log {_log.VerifierKey}\nquorum none\n").Verify(Head()).Accepted);
        Assert.True(LogPolicy.Of(_log.VerifierKey).Verify(Head()).Accepted);
    }

    [Fact]
    public void What_is_not_a_policy_is_refused_with_its_line()
    {
        string w = $"witness a {_x[0].Key}\n";
        Assert.Equal("there is no quorum", FaultOf(w));
        Assert.Equal("line 1: neither a log, a witness, a group nor a quorum", FaultOf("nothing a\n"));
        Assert.Equal("line 1: 'a' is not defined above", FaultOf($"quorum a\n{w}"));
        Assert.Equal("line 2: there is a quorum already", FaultOf("quorum none\nquorum none\n"));
        Assert.Equal("line 2: the key is there already", FaultOf($"{w}witness b {_x[0].Key}\n"));
        Assert.Equal("line 2: 'a' is defined already", FaultOf($"{w}witness a {_x[1].Key}\n"));
        Assert.Equal("line 1: 'none' is defined already", FaultOf($"witness none {_x[1].Key}\n"));
        Assert.Equal("line 1: the key is not a witness's", FaultOf($"witness a {_log.VerifierKey}\n"));
        Assert.Equal("line 1: the key is not a log's", FaultOf($"log {_x[0].Key}\n"));
        Assert.Equal("line 2: how many is neither all, any nor a number of members", FaultOf($"{w}group g 2 a\n"));
        Assert.Equal("line 2: how many is neither all, any nor a number of members", FaultOf($"{w}group g 0 a\n"));
        Assert.Equal("line 2: neither a log, a witness, a group nor a quorum", FaultOf($"{w}group g all\n"));
        Assert.Equal("line 2: 'a' is in a group already", FaultOf($"{w}group g all a a\n"));
        Assert.Equal("line 3: 'a' is in a group already", FaultOf($"{w}group g all a\ngroup h all a\n"));
        Assert.Equal("line 1: 'g' is not defined above", FaultOf("group g all g\n"));
        Assert.Equal("a control character", FaultOf("quorum none\r\n"));
        Assert.Equal("longer than 262144 bytes", FaultOf(new string('#', (1 << 18) + 1)));
    }

    /// <summary>Such as a Kelvin sign and a K: names are octets.</summary>
    [Fact]
    public void Names_that_only_look_alike_are_two()
    {
        LogPolicy policy = Read($"log {_log.VerifierKey}\nwitness K {_x[0].Key}\nwitness \u212a {_x[1].Key}\nquorum \u212a\n");

        Assert.False(policy.Verify(_x[0].Cosign(Head(), 1_000)).Accepted);
        Assert.True(policy.Verify(_x[1].Cosign(Head(), 1_000)).Accepted);
    }

    [Fact]
    public void A_key_may_have_a_name_that_is_not_ASCII()
    {
        using Witness witness = new("zeuge-\u00fc");

        Assert.True(Read($"log {_log.VerifierKey}\nwitness w {witness.Key}\nquorum w\n").Verify(witness.Cosign(Head(), 1_000)).Accepted);
    }

    private SignedNote Head() => _log.Sign(new Checkpoint("log.example.org", 1, TreeHasher.Leaf([1])).ToText());

    private static NoteSigner Signer(string name)
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        return new NoteSigner(name, seed);
    }

    private static LogPolicy Read(string text)
    {
        Assert.True(LogPolicy.TryParse(Encoding.UTF8.GetBytes(text), out LogPolicy? policy, out string fault), fault);
        return policy;
    }

    private static string FaultOf(string text) => LogPolicy.TryParse(Encoding.UTF8.GetBytes(text), out _, out string fault) ? "" : fault;
}
