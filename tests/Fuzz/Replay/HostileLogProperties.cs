using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Replay;
using Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;

namespace Spiffe.Agent.Tests.Fuzz.Replay;

/// <summary>Whatever entries say, in whatever order: the replay ends, and answers with findings.</summary>
[Collection(nameof(Alone))]
public sealed class HostileLogProperties(StoryFixture story) : IClassFixture<StoryFixture>
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1", "2", "9007199254740991", "1e300", "\"\"", "\"x\"", "\"0001-01-01T00:00:00.0000000Z\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"ACTIVE\"", "\"SUSPENDED\"", "\"REVOKED\"",
        "\"permit\"", "\"deny\"", "\"needs_approval\"", "\"spent\"", "\"ParentEnded\"", "\"Use\"", "\"-1\"", "[]", "[\"x\",null,1]", "{}", "\"\\u0000\"", "\"action_token\"", "\"aaaaaaaaaaaaaaaaaaaaaaaaaa\"", "\"builtin\"",
    ];

    private static readonly DateTimeOffset[] Times = [DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch, new(2026, 6, 1, 12, 0, 9, TimeSpan.Zero), DateTimeOffset.MaxValue];

    [Fact]
    public void Changed_and_shuffled_logs_are_judged_without_a_fault()
    {
        long violations = 0;
        Gen<Edit[]> edits = Gen.ArrayOf(from entry in Gen.Choose(0, 1_000) from other in Gen.Choose(0, 1_000) from member in Gen.Choose(0, 30) from value in Gen.Choose(0, 10_000) from kind in Gen.Choose(0, 5) select new Edit(entry, other, member, value, kind));
        Prop.ForAll(edits.ToArbitrary(), steps =>
        {
            List<RecordEntry> log = [.. story.Log.Entries];
            foreach (Edit edit in steps) Apply(log, edit);
            ReplaySummary summary = story.Log.Replay(log);
            violations += summary.ViolationCount;
            Assert.Equal(summary.ViolationCount, summary.Violations.Length);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_500).WithEndSize(60));
        Assert.True(violations > 1_000, $"{violations}: these logs prove nothing");
    }

    private static void Apply(List<RecordEntry> log, Edit edit)
    {
        int at = edit.Entry % log.Count, other = edit.Other % log.Count;
        switch (edit.Kind)
        {
            case 0:
                (log[at], log[other]) = (log[other], log[at]);
                break;
            case 1:
                log.Insert(at, log[other]);
                break;
            case 2 when log.Count > 1:
                log.RemoveAt(at);
                break;
            case 3:
                log[at] = log[at] with { Type = log[other].Type };
                break;
            case 4:
                log[at] = log[at] with { At = Times[edit.Value % Times.Length] };
                break;
            default:
                JsonObject data = JsonSerializer.Deserialize<JsonObject>(log[at].Data)!;
                string[] names = [.. data.Select(member => member.Key)];
                if (names.Length == 0) return;
                data[names[edit.Member % names.Length]] = JsonNode.Parse(Values[edit.Value % Values.Length]);
                using (JsonDocument document = JsonDocument.Parse(data.ToJsonString())) log[at] = log[at] with { Data = JsonDocument.Parse(CanonicalJson.Of(document.RootElement)).RootElement };
                break;
        }
    }

    private sealed record Edit(int Entry, int Other, int Member, int Value, int Kind);
}
