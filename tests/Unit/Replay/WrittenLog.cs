using System.Text;
using System.Text.Json.Nodes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Replay;
using Spiffe.Agent.Tasks;

namespace Spiffe.Agent.Tests.Unit.Replay;

/// <summary>A log written by hand: each entry says what it must, and what a test says instead. A second passes between two.</summary>
internal sealed class WrittenLog
{
    public const string Grants = """[{"actions":["read"],"audiences":["api"],"constraints":{"max_uses":3},"type":"repo"}]""";
    public const string Steps = """[{"actions":["first"],"audiences":["api"],"constraints":{"max_uses":1,"order":1},"type":"repo"},{"actions":["second"],"audiences":["api"],"constraints":{"max_uses":1,"order":2},"type":"repo"}]""";

    private readonly LogReplay _replay = new(new ReplayOptions { MaxFindings = 10 });

    public long Seq { get; set; }

    public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static string NewId() => TaskId.New().ToString();

    /// <summary>An entry with just these members.</summary>
    public WrittenLog Say(string type, params ReadOnlySpan<(string Name, object Value)> members)
    {
        JsonObject data = [];
        foreach ((string name, object value) in members) data[name] = value is JsonNode node ? node : JsonValue.Create(value);
        _replay.Add(Seq++, Now, Encoding.UTF8.GetBytes(type), Encoding.UTF8.GetBytes(data.ToJsonString()), null);
        Now = Now.AddSeconds(1);
        return this;
    }

    /// <summary>An entry of a root task at work, in its first generation, changed as said.</summary>
    public WrittenLog Task(string type, string id, params (string Name, object Value)[] members)
    {
        Dictionary<string, object> all = new(StringComparer.Ordinal)
        {
            [RecordNames.Task] = id,
            [RecordNames.Root] = id,
            [RecordNames.Template] = "work",
            [RecordNames.Owner] = "team-a",
            [RecordNames.State] = "ACTIVE",
            [RecordNames.Generation] = 1,
            [RecordNames.Decision] = "d",
            [RecordNames.PolicyDigest] = "builtin",
            [RecordNames.IntentDigest] = "i",
        };
        foreach ((string name, object value) in members) all[name] = value;
        return Say(type, [.. all.Select(member => (member.Key, member.Value))]);
    }

    public WrittenLog Started(string id, string grants = Grants, params (string Name, object Value)[] members) =>
        Task(RecordTypes.TaskStarted, id, [("grants", JsonNode.Parse(grants)!), ("deadline", Text(Now.AddHours(1))), ("verdict", "permit"), ("input_s256", "q"), .. members]);

    public WrittenLog Issued(string id, string credential, params (string Name, object Value)[] members) =>
        Task(RecordTypes.TaskIssued, id, [("credential_kind", "jwt"), ("credential", credential), ("expires_at", Text(Now.AddMinutes(1))), .. members]);

    public WrittenLog Ended(string id) => Task(RecordTypes.TaskEnded, id, ("state", "COMPLETED"), ("trigger", "Complete"));

    public ReplaySummary Complete() => _replay.Complete();

    public static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
