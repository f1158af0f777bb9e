using System.Text;
using System.Text.Json;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Claims;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tests.Unit.Tasks.Claims;

/// <summary>The claims of a task's tokens.</summary>
public sealed class TaskClaimsTests
{
    private static readonly TaskId Root = TaskId.TryParse("abcdefghijklmnopqrstuvwxya", out TaskId? id) ? id : throw new InvalidOperationException();

    private static readonly TaskClaims Small = new()
    {
        Root = Root,
        Grant = AuthorizationDetails.Parse("""[{"type":"repo","actions":["read"],"locations":["https://repo/x"]}]"""),
        Generation = 2,
        IntentDigest = "i",
        DecisionId = "d",
        PolicyDigest = "sha256:p",
        Owner = "team-a",
        Subject = "user:alice",
        Depth = 1,
        MaxDepth = 3,
        Chain = [new ChainLink("spiffe://td/agent/planner/task/a", "g")],
        Status = "{\"status_list\":{\"idx\":1,\"uri\":\"https://n/7\"}}"u8.ToArray(),
    };

    [Fact]
    public void The_claims_are_those_of_the_design() =>
        Assert.Equal(
            [
                ("authorization_details", """[{"actions":["read"],"locations":["https://repo/x"],"type":"repo"}]"""),
                ("status", """{"status_list":{"idx":1,"uri":"https://n/7"}}"""),
                ("txn", "\"abcdefghijklmnopqrstuvwxya\""),
                ("urn:spiffe-agent:task", """{"chain":[{"grant_s256":"g","id":"spiffe://td/agent/planner/task/a"}],"decision":"d","depth":1,"gen":2,"intent_s256":"i","max_depth":3,"owner":"team-a","policy":"sha256:p","root":"user:alice"}"""),
            ],
            Small.Write().Select(claim => (claim.Key, Encoding.UTF8.GetString(claim.Value.Span))));

    [Fact]
    public void Every_claim_is_canonical_JSON_and_reserved() => Assert.All(Large().Append(Small), claims => Assert.All(claims.Write(), claim =>
    {
        using JsonDocument document = JsonDocument.Parse(claim.Value);
        Assert.Equal(Encoding.UTF8.GetString(CanonicalJson.Of(document.RootElement)), Encoding.UTF8.GetString(claim.Value.Span));
        Assert.Contains(claim.Key, (IReadOnlySet<string>)ReservedClaims.Names);
    }));

    [Fact]
    public void Details_that_are_too_long_are_left_out_and_named_by_digest_so_that_nobody_reads_rights_into_it()
    {
        TaskClaims claims = Small with { Grant = Wide() };
        JsonElement task = Task(claims);

        Assert.DoesNotContain(claims.Write(), claim => claim.Key == "authorization_details");
        Assert.Equal(("ask", claims.Grant.Digest), (task.GetProperty("grant").GetString(), task.GetProperty("grant_s256").GetString()));
    }

    [Fact]
    public void The_claims_keep_to_their_length_whatever_is_in_them() => Assert.All(Large(), claims =>
        Assert.InRange(claims.Write().Sum(claim => claim.Key.Length + claim.Value.Length + 4), 1, TaskClaims.MaxLength));

    [Fact]
    public void Links_beyond_the_nearest_three_are_digests()
    {
        JsonElement chain = Task(Small with { Chain = [.. Enumerable.Range(0, 5).Select(i => new ChainLink($"spiffe://td/{i}", null))] }).GetProperty("chain");

        Assert.Equal(["s256", "s256", "id", "id", "id"], chain.EnumerateArray().Select(link => link.EnumerateObject().Single().Name));
        Assert.Equal(CanonicalJson.Digest("""{"id":"spiffe://td/0"}"""u8), chain[0].GetProperty("s256").GetString());
    }

    [Fact]
    public void The_record_is_another_when_anything_of_it_is()
    {
        string record = Convert.ToHexString(Small.RecordDigest());

        Assert.Equal(record, Convert.ToHexString((Small with { Status = null }).RecordDigest()));
        Assert.All(
            [Small with { Generation = 3 }, Small with { Grant = AuthorizationDetails.None }, Small with { Chain = [] }, Small with { Subject = "" }, Small with { Root = TaskId.New() }],
            other => Assert.NotEqual(record, Convert.ToHexString(other.RecordDigest())));
    }

    private static JsonElement Task(TaskClaims claims) => JsonDocument.Parse(claims.Write().Single(claim => claim.Key == ReservedClaims.Task).Value).RootElement;

    private static AuthorizationDetails Wide() => AuthorizationDetails.Parse($"[{string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{"type":"repo{{i}}","actions":["read"],"locations":["https://repo/{{i}}"]}"""))}]");

    private static IEnumerable<TaskClaims> Large()
    {
        string longest = new('x', TaskClaims.MaxNameLength);
        TaskClaims worst = Small with
        {
            Grant = Wide(),
            Owner = longest,
            DecisionId = longest,
            PolicyDigest = longest,
            IntentDigest = longest,
            Log = longest,
            Subject = new string('é', TaskClaims.MaxRootLength),
            ParametersDigest = longest,
            Chain = [.. Enumerable.Range(0, 64).Select(i => new ChainLink("spiffe://td/" + new string('a', 2000), longest))],
        };
        return [worst, worst with { Subject = new string('é', 9999) }, Small with { Grant = Wide() }, Small with { Chain = worst.Chain }];
    }
}
