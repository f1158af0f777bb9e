using System.Globalization;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Templates;
using Spiffe.Agent.Tests.TestKit.Identity;

namespace Spiffe.Agent.Tests.Unit.Issuance.Tasks;

/// <summary>On whose behalf a task is done, and identities without a task: the exception, with an end.</summary>
public sealed class OnBehalfTests : IDisposable
{
    private const string Issuer = "https://ci.example.org";

    private readonly AssertionForge _forge = new();

    [Fact]
    public async Task Subject_that_is_required_must_be_proved()
    {
        using TaskBench bench = Bench();
        Assert.Equal(TaskRefusal.SubjectRefused, (await bench.TryStartAsync(new StartTask { Template = "work" })).Refusal);
        using AssertionForge stranger = new();
        Assert.Equal(TaskRefusal.SubjectRefused, (await bench.TryStartAsync(new StartTask { Template = "work", SubjectToken = stranger.Sign(Claims(bench, "t")) })).Refusal);
        Assert.Equal(TaskRefusal.SubjectRefused, (await bench.TryStartAsync(new StartTask { Template = "work", SubjectToken = "rubbish" })).Refusal);
        Assert.Equal(0, bench.Tasks.Live);
        Assert.Equal(3, bench.Written(TaskEntryKind.Refused).Length);
    }

    [Fact]
    public async Task Subject_is_in_the_claims_in_the_record_and_in_policy_and_the_assertion_nowhere()
    {
        using TaskBench bench = Bench("permit(principal, action, resource) when { principal.issuer == \"https://ci.example.org\" && principal.subject == \"repo:a/b\" };");
        string assertion = _forge.Sign(Claims(bench, "t1"));
        TaskView task = await bench.StartAsync(new StartTask { Template = "work", SubjectToken = assertion });
        Assert.Equal($"{Issuer} repo:a/b", task.Subject);
        Assert.Equal($"{Issuer}#repo:a/b", TaskBench.ClaimsOf((await bench.JwtAsync())!.Token).GetProperty("urn:spiffe-agent:task").GetProperty("root").GetString());
        Assert.Equal(task.SpiffeId.ToString(), TaskBench.ClaimsOf((await bench.JwtAsync())!.Token).GetProperty("sub").GetString()); // On behalf of, never as.
        Assert.All(bench.Written(TaskEntryKind.Issued), entry => Assert.Equal($"{Issuer} repo:a/b", entry.Subject));
        Assert.DoesNotContain(bench.Issuance.Journal.Entries, entry => entry.ToString().Contains(assertion[^40..], StringComparison.Ordinal));

        TaskAnswer other = await bench.TryStartAsync(new StartTask { Template = "work", SubjectToken = _forge.Sign(Claims(bench, "t2", "repo:evil/b")) });
        Assert.Equal(TaskRefusal.PolicyDenied, other.Refusal);
    }

    [Fact]
    public async Task Assertion_counts_once_and_a_retry_by_its_key_needs_no_second()
    {
        using TaskBench bench = Bench();
        string assertion = _forge.Sign(Claims(bench, "t1"));
        StartTask request = new() { Template = "work", SubjectToken = assertion, IdempotencyKey = "k" };
        TaskView task = await bench.StartAsync(request);
        Assert.Equal(task.Id, (await bench.StartAsync(request)).Id);
        TaskAnswer replay = await bench.TryStartAsync(request with { IdempotencyKey = "other" });
        Assert.Equal((TaskRefusal.SubjectRefused, nameof(SubjectRefusal.Replayed)), (replay.Refusal, replay.Detail));
        Assert.Equal(1, bench.Tasks.Live);
    }

    [Fact]
    public async Task Subtask_is_done_for_whom_its_parent_is()
    {
        using TaskBench bench = Bench();
        using TaskChild child = TaskChild.Sleep();
        TaskView parent = await bench.StartAsync(new StartTask { Template = "work", SubjectToken = _forge.Sign(Claims(bench, "t1")) });
        TaskAnswer spawned = await bench.Tasks.SpawnAsync(bench.Self, "", new StartTask { Template = "work", ChildProcessId = child.Id }, CancellationToken.None);
        Assert.Equal(parent.Subject, spawned.Task!.Subject);
    }

    [Fact]
    public async Task Standing_access_stops_at_its_review_date_and_nothing_of_it_lives_longer()
    {
        DateOnly day = new(2026, 6, 1); // Of the clock that is moved by hand.
        TaskTemplate template = TaskBench.Template("backup") with { Class = TemplateClass.Persistent, Reason = "cannot be bound yet", ReviewBy = day };
        TaskRules rules = new(new TemplateSnapshot([template], null), TaskBench.Compile());
        using IssuanceBench bench = new(new IssuanceParts { Tasks = rules }, [.. StandingEntries.Of(rules.Templates, IssuanceBench.Domain, new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero))]);
        Assert.Equal("backup", Assert.Single(bench.Service.Tasks.Standing).Name);
        Assert.Equal(TaskRefusal.TemplateNotForCaller, (await bench.Service.Tasks.StartAsync(bench.Self, new StartTask { Template = "backup" }, CancellationToken.None)).Refusal);
        bench.Time.Pass(new DateTimeOffset(2026, 6, 1, 23, 58, 0, TimeSpan.Zero) - bench.Time.GetUtcNow());
        using WorkloadLease lease = await bench.AdmitAsync();
        Spiffe.Agent.Identity.Jwt.JwtSvid token = Assert.Single(lease.Jwt(Spiffe.Agent.Issuance.Svids.AudienceSet.TryCreate(["a"], out _)!, null)).Svid;
        Assert.True(token.ExpiresAt <= StandingEntries.EndOf(day));

        bench.Time.Pass(TimeSpan.FromMinutes(3));
        bench.Housekeeping.OnBeat();
        Assert.Empty(bench.Entries.Current.Entries);
        Admitted late = await bench.Service.AdmitAsync(bench.Self, CancellationToken.None);
        using WorkloadLease? none = late.Lease;
        Assert.False(none?.IsEntitled ?? false);
        Assert.Empty(StandingEntries.Of(rules.Templates, IssuanceBench.Domain, bench.Time.GetUtcNow()));
    }

    public void Dispose() => _forge.Dispose();

    private TaskBench Bench(params string[] policies)
    {
        TaskTemplate template = TaskBench.Template("work") with { Subject = new SubjectRule { IsRequired = true, Issuers = [Issuer] } };
        SubjectIssuer issuer = new() { Issuer = Issuer, Audience = "spiffe://example.org", Keys = [_forge.PublicKey] };
        return new TaskBench(new TaskRules(new TemplateSnapshot([template], null), TaskBench.Compile(policies)), new IssuanceParts { Subjects = new SubjectOptions { Issuers = [issuer] } });
    }

    private static string Claims(TaskBench bench, string tokenId, string subject = "repo:a/b")
    {
        long now = bench.Time.GetUtcNow().ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"{{\"iss\":\"{Issuer}\",\"sub\":\"{subject}\",\"aud\":\"spiffe://example.org\",\"iat\":{now},\"exp\":{now + 300},\"jti\":\"{tokenId}\"}}");
    }
}
