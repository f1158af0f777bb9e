using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Tests.Unit.Cli;

public sealed class TokenVerbTests
{
    private const string Id = "spiffe://example.org/web";

    private readonly TestTerminal _terminal = new();

    [Fact]
    public async Task Fetch_jwt_prints_the_token_first_then_what_it_says()
    {
        JWTSVIDRequest? asked = null;
        string token = TestTokens.Jwt(Id, TimeSpan.FromMinutes(5));
        await using FakeAgent agent = await FakeAgent.StartAsync(FakeAgent.Workload().Unary<JWTSVIDRequest, JWTSVIDResponse>("FetchJWTSVID", JWTSVIDRequest.Parser, (request, _) =>
        {
            asked = request;
            JWTSVIDResponse answer = new();
            answer.Svids.Add(new JWTSVID { SpiffeId = Id, Svid = token, Hint = "internal" });
            return Task.FromResult(answer);
        }));
        int exit = await _terminal.RunAsync(["fetch", "jwt", "--audience", "api", "--audience", "db", "--spiffe-id", Id, "--socket", agent.Uri]);

        Assert.Equal(
            $"""
            {token}

            spiffe://example.org/web  default, hint internal
              signed with   ES256, key k1, JWT
              audience      api
              expires       in 5 minutes (2026-03-04 12:05:00 UTC)
              issued        just now (2026-03-04 12:00:00 UTC)
              issuer        https://id.example.org
              token id      t-1
              team          "web"

            """,
            _terminal.Out.Text);
        Assert.Equal(ExitCodes.Done, exit);
        Assert.Equal(["api", "db"], asked!.Audience);
        Assert.Equal(Id, asked.SpiffeId);
    }

    [Fact]
    public async Task Fetch_wit_shows_the_key_in_json_alone()
    {
        WITSVIDResponse answer = new();
        answer.Svids.Add(new WITSVID { SpiffeId = Id, WitSvid = TestTokens.Wit(Id, TimeSpan.FromHours(1)), WitSvidKey = """{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"c2VjcmV0"}""" });
        await using FakeAgent agent = await FakeAgent.StartAsync(FakeAgent.Workload().ServerStreaming<WITSVIDRequest, WITSVIDResponse>(
            "FetchWITSVID", WITSVIDRequest.Parser, (_, stream, _) => stream.WriteAsync(answer)));

        await _terminal.RunAsync(["fetch", "wit", "--socket", agent.Uri]);
        Assert.DoesNotContain("c2VjcmV0", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.Contains("bound to      a key that only this process has: EC P-256", _terminal.Out.Text, StringComparison.Ordinal);

        TestTerminal second = new();
        await second.RunAsync(["fetch", "wit", "--output", "json", "--socket", agent.Uri]);
        using JsonDocument json = JsonDocument.Parse(second.Out.Text);
        JsonElement svid = json.RootElement.GetProperty("svids")[0];
        Assert.Equal(["spiffe_id", "hint", "default", "token", "expires_at", "header", "claims", "private_key"], svid.EnumerateObject().Select(p => p.Name));
        Assert.Equal("c2VjcmV0", svid.GetProperty("private_key").GetProperty("d").GetString());
    }

    [Fact]
    public async Task Valid_token_ends_with_0_and_its_claims()
    {
        ValidateJWTSVIDRequest? asked = null;
        await using FakeAgent agent = await ValidatorAsync(request =>
        {
            asked = request;
            ValidateJWTSVIDResponse answer = new() { SpiffeId = Id, Claims = new Struct() };
            answer.Claims.Fields["exp"] = Value.ForNumber(TestTerminal.Now.AddMinutes(5).ToUnixTimeSeconds());
            answer.Claims.Fields["aud"] = Value.ForList(Value.ForString("api"));
            return answer;
        });
        _terminal.Input = "a.b.c\n";
        int exit = await _terminal.RunAsync(["validate", "jwt", "--audience", "api", "-", "--output", "json", "--socket", agent.Uri]);

        Assert.Equal(ExitCodes.Done, exit);
        Assert.Equal(("a.b.c", "api"), (asked!.Svid, asked.Audience));
        Assert.Equal(
            """
            {
              "valid": true,
              "spiffe_id": "spiffe://example.org/web",
              "claims": {
                "aud": [
                  "api"
                ],
                "exp": 1772625900
              }
            }

            """,
            _terminal.Out.Text);
    }

    [Fact]
    public async Task Token_that_is_not_valid_ends_with_65_and_the_agents_reason()
    {
        await using FakeAgent agent = await ValidatorAsync(_ => throw new RpcException(new Spiffe.Agent.Rpc.Status(StatusCode.InvalidArgument, "token expired")));
        int exit = await _terminal.RunAsync(["validate", "jwt", "--audience", "api", "a.b.c", "--output", "json", "--socket", agent.Uri]);

        Assert.Equal(ExitCodes.BadInput, exit);
        Assert.Equal("spiffe-agent: not valid: token expired\n", _terminal.Error.Text);
        Assert.Equal("{\n  \"valid\": false,\n  \"reason\": \"token expired\"\n}\n", _terminal.Out.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    [InlineData("a b")]
    [InlineData("a.b.\u00e9")]
    public async Task Input_that_is_no_token_never_leaves_and_is_never_shown(string input)
    {
        _terminal.Input = input;
        int exit = await _terminal.RunAsync(["validate", "jwt", "--audience", "api", "-", "--socket", "unix:///nonexistent/agent.sock"]);
        Assert.Equal(ExitCodes.BadInput, exit);
        Assert.StartsWith("spiffe-agent: standard input: ", _terminal.Error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endless_input_is_cut_off()
    {
        _terminal.Input = new string('a', 1024 * 1024);
        int exit = await _terminal.RunAsync(["validate", "jwt", "--audience", "api", "-", "--socket", "unix:///nonexistent/agent.sock"]);
        Assert.Equal(ExitCodes.BadInput, exit);
        Assert.Contains("longer than 64 KiB", _terminal.Error.Text, StringComparison.Ordinal);
    }

    private static Task<FakeAgent> ValidatorAsync(Func<ValidateJWTSVIDRequest, ValidateJWTSVIDResponse> answer) => FakeAgent.StartAsync(
        FakeAgent.Workload().Unary<ValidateJWTSVIDRequest, ValidateJWTSVIDResponse>("ValidateJWTSVID", ValidateJWTSVIDRequest.Parser, (request, _) => Task.FromResult(answer(request))));
}
