using System.Text.Json;
using Spiffe.Agent.Cli;

namespace Spiffe.Agent.Tests.Unit.Cli;

public sealed class PolicyVerbTests : IDisposable
{
    private const string Policies = """
        @id("sweet tooth")
        permit(principal, action == Action::"eat", resource in Jar::"shelf") unless { resource.empty };
        forbid(principal, action, resource) when { context.jars > 3 };
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("policy").FullName;
    private readonly TestTerminal _terminal = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Check_counts_what_is_right_and_tells_every_fault_of_every_file_with_its_place()
    {
        string good = Write("good.cedar", Policies), bad = Write("bad.cedar", "permit(principal, action);\npermit(principal, action, resource) when { 1 + };\n");

        Assert.Equal(ExitCodes.BadInput, await _terminal.RunAsync(["policy", "check", good, bad]));

        Assert.Equal($"{good}: 2 policies\n", _terminal.Out.Text);
        string[] faults = _terminal.Error.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, faults.Length);
        Assert.StartsWith($"{bad}:1:25: ", faults[0], StringComparison.Ordinal);
        Assert.StartsWith($"{bad}:2:48: ", faults[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_in_json_tells_the_same()
    {
        string bad = Write("bad.cedar", "permit(principal, action);");

        Assert.Equal(ExitCodes.BadInput, await _terminal.RunAsync(["policy", "check", bad, "--output", "json"]));

        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        Assert.False(json.RootElement.GetProperty("valid").GetBoolean());
        Assert.Equal((1, 25), Place(json.RootElement.GetProperty("files")[0].GetProperty("faults")[0]));
        Assert.Empty(_terminal.Error.Text);
    }

    [Fact]
    public async Task Check_holds_policies_against_a_schema()
    {
        string schema = Write("s.cedarschema", "entity Jar { empty: Bool }; entity Bear; action eat appliesTo { principal: Bear, resource: Jar, context: { jars: Long } };");
        string policies = Write("p.cedar", "permit(principal, action, resource) when { resource.emty };");

        Assert.Equal(ExitCodes.BadInput, await _terminal.RunAsync(["policy", "check", "--schema", schema, policies]));

        Assert.StartsWith($"{policies}:1:", _terminal.Error.Text, StringComparison.Ordinal);
        Assert.Contains("emty", _terminal.Error.Text, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["policy", "check", "--schema", schema, Write("p.cedar", "permit(principal, action, resource) when { resource.empty };")]));
    }

    [Fact]
    public async Task Eval_with_a_schema_refuses_a_request_that_it_does_not_allow()
    {
        string schema = Write("s.cedarschema", "entity Jar; entity Bear; action eat appliesTo { principal: Bear, resource: Jar };");
        string policies = Write("p.cedar", "permit(principal, action, resource);");
        string[] arguments = ["policy", "eval", "--policies", policies, "--schema", schema, "--action", "Action::\"eat\"", "--resource", "Jar::\"a\"", "--principal"];

        Assert.Equal(ExitCodes.BadInput, await _terminal.RunAsync([.. arguments, "Jar::\"b\""]));
        Assert.Contains("principal", _terminal.Error.Text, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync([.. arguments, "Bear::\"b\""]));
    }

    [Fact]
    public async Task Format_prints_or_writes_the_same_policies_with_their_comments()
    {
        string policies = Write("p.cedar", "// why\npermit(principal,action,resource)when{context.a>3};");
        Assert.Equal(ExitCodes.Failed, await _terminal.RunAsync(["policy", "format", "--check", policies]));
        Assert.Equal($"{policies}\n", _terminal.Out.Text);

        File.SetUnixFileMode(policies, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["policy", "format", "--write", policies]));

        string written = await File.ReadAllTextAsync(policies);
        Assert.StartsWith("// why\npermit", written, StringComparison.Ordinal);
        Assert.Contains("context.a > 3", written, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(policies));
        Assert.Equal([policies], Directory.GetFiles(_folder));
        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["policy", "format", "--check", policies]));
    }

    [Fact]
    public async Task Eval_of_what_is_permitted_ends_with_0_and_names_the_policy_as_its_author_does()
    {
        Assert.Equal(ExitCodes.Done, await EvalAsync("apricot", jars: 1));
        Assert.Equal($"ALLOW\n  permitted by  sweet tooth, policy0 ({_folder}/p.cedar:1)\n", _terminal.Out.Text);
    }

    [Fact]
    public async Task Eval_of_what_is_forbidden_ends_with_77()
    {
        Assert.Equal(ExitCodes.PermissionDenied, await EvalAsync("apricot", jars: 4));
        Assert.Equal($"DENY\n  forbidden by  policy1 ({_folder}/p.cedar:3)\n", _terminal.Out.Text);
    }

    [Fact]
    public async Task Eval_says_which_policy_was_skipped_and_why()
    {
        Assert.Equal(ExitCodes.PermissionDenied, await EvalAsync("nowhere", jars: null));
        Assert.StartsWith($"DENY  no policy permits it\n  skipped       policy1 ({_folder}/p.cedar:3): ", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eval_takes_a_whole_request_from_standard_input()
    {
        Write("p.cedar", "permit(principal, action, resource) when { context.ok };");
        _terminal.Input = """{ "principal": { "type": "U", "id": "a" }, "action": { "type": "Action", "id": "x" }, "resource": { "type": "R", "id": "r" }, "context": { "ok": true } }""";

        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["policy", "eval", "--policies", $"{_folder}/p.cedar", "--request", "-", "--output", "json"]));

        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        Assert.Equal("allow", json.RootElement.GetProperty("decision").GetString());
        Assert.Equal("policy0", json.RootElement.GetProperty("reason")[0].GetString());
    }

    [Theory]
    [InlineData(ExitCodes.BadInput, "--principal", "User::alice", "--action", "Action::\"eat\"", "--resource", "Jar::\"a\"")]
    [InlineData(ExitCodes.Usage, "--principal", "User::\"alice\"")]
    [InlineData(ExitCodes.Usage, "--request", "r.json", "--principal", "User::\"alice\"")]
    [InlineData(ExitCodes.BadInput, "--request", "no-such-file.json")]
    public async Task Wrong_requests_are_refused(int expected, params string[] arguments)
    {
        string policies = Write("p.cedar", Policies);

        Assert.Equal(expected, await _terminal.RunAsync(["policy", "eval", "--policies", policies, .. arguments]));
        Assert.Empty(_terminal.Out.Text);
    }

    private static (int Line, int Column) Place(JsonElement fault) => (fault.GetProperty("line").GetInt32(), fault.GetProperty("column").GetInt32());

    private Task<int> EvalAsync(string jar, int? jars)
    {
        string entities = Write("e.json", """[ { "uid": { "type": "Jar", "id": "apricot" }, "attrs": { "empty": false }, "parents": [ { "type": "Jar", "id": "shelf" } ] } ]""");
        string context = Write("c.json", jars is null ? "{}" : $$"""{ "jars": {{jars}} }""");
        return _terminal.RunAsync(["policy", "eval", "--policies", Write("p.cedar", Policies), "--entities", entities,
            "--principal", "User::\"bear\"", "--action", "Action::\"eat\"", "--resource", $"Jar::\"{jar}\"", "--context", context]);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
