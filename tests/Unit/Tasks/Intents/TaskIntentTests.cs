using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;

namespace Spiffe.Agent.Tests.Unit.Tasks.Intents;

/// <summary>Declared intents: bounded, hashed, compared.</summary>
public sealed class TaskIntentTests
{
    private static readonly IntentDraft Draft = new() { Goal = "review", Ticket = "T-1", ExpectedActions = ["read", "comment"], Tools = ["git"], Boundaries = ["prod"], MaxSensitivity = "internal" };

    [Fact]
    public void The_digest_is_that_of_the_canonical_JSON_and_not_of_the_order() =>
        Assert.Equal(
            (CanonicalJson.Digest("""{"boundaries":["prod"],"expected_actions":["comment","read"],"goal":"review","max_sensitivity":"internal","ticket":"T-1","tools":["git"]}"""u8), Read(Draft).Digest),
            (Read(Draft with { ExpectedActions = ["comment", "read", "read"] }).Digest, Read(Draft).Digest));

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\u0000")]
    [InlineData("pay \u202e001")]
    [InlineData("a\u2028b")]
    public void Text_that_would_deceive_who_approves_it_is_refused(string text)
    {
        Assert.False(TaskIntent.TryCreate(Draft with { Goal = text }, out _, out string? fault));
        Assert.StartsWith("goal:", fault, StringComparison.Ordinal);
        Assert.False(TaskIntent.TryCreate(Draft with { Tools = ["git", text] }, out _, out fault));
        Assert.StartsWith("tools:", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_long_or_not_known_is_refused()
    {
        Assert.False(TaskIntent.TryCreate(Draft with { Goal = new string('x', IntentLimits.MaxGoalLength + 1) }, out _, out _));
        Assert.False(TaskIntent.TryCreate(Draft with { Boundaries = [.. Enumerable.Range(0, IntentLimits.MaxNames + 1).Select(i => $"b{i}")] }, out _, out _));
        Assert.False(TaskIntent.TryCreate(Draft with { Goal = "half a pair \ud800" }, out _, out _)); // Not an InlineData: attributes cannot hold it.
        Assert.False(TaskIntent.TryCreate(Draft with { Tools = [""] }, out _, out _));
        Assert.False(TaskIntent.TryCreate(Draft with { MaxSensitivity = "Internal" }, out _, out _));
        Assert.False(TaskIntent.TryCreate(Draft with { PlanDigest = "short" }, out _, out _));
        Assert.True(TaskIntent.TryCreate(Draft with { Goal = "Prüfe naïve 変更 👩‍💻", PlanDigest = Read(Draft).Digest }, out _, out _));
    }

    [Fact]
    public void Changes_are_told_apart()
    {
        TaskIntent intent = Read(Draft);

        Assert.Equal(IntentChanges.None, intent.ChangesTo(Read(Draft)));
        Assert.Equal(IntentChanges.Narrower, intent.ChangesTo(Read(Draft with { ExpectedActions = ["read"], MaxSensitivity = "public" })));
        Assert.Equal(IntentChanges.Goal, intent.ChangesTo(Read(Draft with { Goal = "deploy" })));
        Assert.Equal(IntentChanges.Actions, intent.ChangesTo(Read(Draft with { ExpectedActions = ["read", "merge"] })));
        Assert.Equal(IntentChanges.Tools, intent.ChangesTo(Read(Draft with { Tools = [] })));
        Assert.Equal(IntentChanges.Boundaries | IntentChanges.Sensitivity, intent.ChangesTo(Read(Draft with { Boundaries = ["prod", "lab"], MaxSensitivity = "" })));
        Assert.Equal(IntentChanges.Narrower, TaskIntent.None.ChangesTo(Read(new IntentDraft { Tools = ["git"] })));
    }

    [Fact]
    public void An_action_that_leaves_the_intent_is_seen_and_saying_nothing_is_no_way_around()
    {
        TaskIntent intent = Read(Draft);
        ActionQuestion asked = new() { Type = "repo", Action = "read", Tool = "git", Boundary = "prod" };

        Assert.Equal(IntentChanges.None, intent.LeftBy(asked));
        Assert.Equal(IntentChanges.Actions, intent.LeftBy(asked with { Action = "merge" }));
        Assert.Equal(IntentChanges.Tools, intent.LeftBy(asked with { Tool = null }));
        Assert.Equal(IntentChanges.Boundaries, intent.LeftBy(asked with { Boundary = "lab" }));
        Assert.Equal(IntentChanges.Sensitivity, intent.LeftBy(asked with { Sensitivity = Sensitivity.Confidential }));
        Assert.Equal(IntentChanges.None, TaskIntent.None.LeftBy(asked with { Sensitivity = Sensitivity.Restricted }));
    }

    private static TaskIntent Read(IntentDraft draft) => TaskIntent.TryCreate(draft, out TaskIntent? intent, out string? fault) ? intent : throw new FormatException(fault);
}
