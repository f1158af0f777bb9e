using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Fuzz.Replay;

/// <summary>One run of the real engine in which everything happens once that rules speak of.</summary>
internal sealed class Story : IDisposable
{
    private const string Ceiling = """[{"actions":["comment","read"],"audiences":["repo-api"],"constraints":{"max_uses":8},"locations":["https://git.example/x"],"type":"repo"}]""";

    private readonly ManualTime _time = new();
    private readonly RecordedLog _log = new();
    private readonly TaskWorld _world;
    private readonly Worker _worker = new();

    private Story() => _world = new TaskWorld(_time, maxUses: 8, journal: new AuditJournal(_log, new TaskLog(NullLogger<TaskLog>.Instance)), policies: LoggedPolicies.All);

    public static async Task<RecordedLog> TellAsync()
    {
        using Story story = new();
        story.Begin();
        await story.FamilyAsync();
        await story.ApprovedAsync();
        await story.MisusedAsync();
        await story.EndAsync();
        return story._log;
    }

    public void Dispose()
    {
        _world.Dispose();
        _worker.Dispose();
    }

    private void Begin()
    {
        Write(RecordTypes.DaemonStarted, new RecordFields().Add("version", "1"));
        LoggedPolicies.Write(_log, _time.GetUtcNow());
        foreach (string template in (string[])["work", "asked"])
        {
            Write(RecordTypes.TemplateLoaded, new RecordFields().Add(RecordNames.Template, template).Add(RecordNames.Owner, "team-a").Add("class", "task").AddCanonical(RecordNames.Grants, Encoding.UTF8.GetBytes(Ceiling)));
        }

        Write(RecordTypes.ConfigurationLoaded, new RecordFields().Add(RecordNames.PolicyDigest, LoggedPolicies.All.Digest));
        Write(RecordTypes.SvidIssued, new RecordFields().Add(RecordNames.CredentialKind, "x509").Add(RecordNames.Credential, "01").Add(RecordNames.ExpiresAt, (DateTimeOffset?)_time.GetUtcNow().AddHours(1)));
    }

    /// <summary>A root and its child: used, paused, resumed, narrowed, and ended together.</summary>
    private async Task FamilyAsync()
    {
        TaskView root = await StartAsync(new StartTask { Template = "work", Intent = Ticket("T-1") });
        string id = root.Id.ToString();
        await ProjectAsync(_world.Self);
        string token = await PermitAsync(_world.Self, id, TaskWorld.Read);
        Assert.True(_world.Tasks.VerifyToken(token, TaskWorld.Audience, consume: true).IsValid);
        Assert.Equal(ActionOutcome.Deny, (await AskAsync(_world.Self, id, TaskWorld.Read with { Action = "comment" })).Outcome);
        await RenewAsync(_world.Self, id);
        TaskView child = await StartAsync(new StartTask { Template = "work", ChildProcessId = _worker.ProcessId, Grants = Grants("""["read","comment"]""", 3) }, id);
        await PermitAsync(_worker.Caller, child.Id.ToString(), TaskWorld.Read);
        await ProjectAsync(_worker.Caller);
        Ok(await _world.Tasks.SuspendAsync(_world.Self, id, "", CancellationToken.None));
        Ok(await _world.Tasks.ResumeAsync(_world.Self, id, CancellationToken.None));
        Assert.All(await _world.Tasks.ResumeAsync(TaskWorld.Operator, new TaskSelection { TaskId = child.Id.ToString() }, CancellationToken.None), outcome => Assert.True(outcome.Changed, outcome.Detail));
        await PermitAsync(_worker.Caller, child.Id.ToString(), TaskWorld.Read);
        Ok(await _world.Tasks.UpdateIntentAsync(_world.Self, id, Ticket("T-3"), Grants("""["read"]""", 6), CancellationToken.None));
        await ProjectAsync(_world.Self);
        await ProjectAsync(_worker.Caller);
        ActionAsk asked = TaskWorld.Read with { Tool = "asked" };
        ActionDecision question = await AskAsync(_world.Self, id, asked);
        Assert.Equal(ActionOutcome.NeedsApproval, question.Outcome);
        Ok(_world.Tasks.Approve(TaskWorld.Operator, question.Approval!.Id));
        await PermitAsync(_world.Self, id, asked with { ApprovalId = question.Approval.Id });
        Ok(await _world.Tasks.CompleteAsync(_world.Self, id, "", CancellationToken.None));
    }

    /// <summary>A task that people agree to, and one that they do not.</summary>
    private async Task ApprovedAsync()
    {
        TaskView task = await StartAsync(new StartTask { Template = "asked" });
        Ok(_world.Tasks.Approve(TaskWorld.Operator, task.Id.ToString()));
        await ProjectAsync(_world.Self);
        _world.Tasks.Revoke(TaskWorld.Operator, new TaskSelection { TaskId = task.Id.ToString() });
        TaskView denied = await StartAsync(new StartTask { Template = "asked" });
        Ok(_world.Tasks.Deny(TaskWorld.Operator, denied.Id.ToString(), "not today"));
    }

    private async Task MisusedAsync()
    {
        TaskView task = await StartAsync(new StartTask { Template = "work" });
        string token = await PermitAsync(_world.Self, task.Id.ToString(), TaskWorld.Read);
        Assert.False(_world.Tasks.VerifyToken(token, "somebody-else", consume: false).IsValid);
        await ProjectAsync(_world.Self);
        Assert.Single(_world.Tasks.Contain(TaskWorld.Operator, new TaskSelection { TaskId = (await StartAsync(new StartTask { Template = "work", ChildProcessId = _worker.ProcessId }, task.Id.ToString())).Id.ToString() }, kill: true));
    }

    /// <summary>The daemon stops once everything that is over was looked behind.</summary>
    private async Task EndAsync()
    {
        _world.Tasks.Revoke(TaskWorld.Operator, new TaskSelection { All = true });
        await TaskWorld.UntilAsync(() => _world.Tasks.List(new TaskSelection(), withEnded: true).All(static task => task.Receipt is { Check.State: not OffboardingState.Running }));
        Write(RecordTypes.DaemonStopped, new RecordFields());
    }

    private async Task<TaskView> StartAsync(StartTask request, string parent = "")
    {
        _time.Pass(TimeSpan.FromSeconds(1));
        return Ok(parent.Length == 0 ? await _world.Tasks.StartAsync(_world.Self, request, CancellationToken.None) : await _world.Tasks.SpawnAsync(_world.Self, parent, request, CancellationToken.None));
    }

    private async Task RenewAsync(Caller caller, string id)
    {
        _time.Pass(TimeSpan.FromSeconds(1));
        Ok(await _world.Tasks.RenewAsync(caller, id, null, CancellationToken.None));
    }

    private async Task<ActionDecision> AskAsync(Caller caller, string id, ActionAsk ask)
    {
        _time.Pass(TimeSpan.FromSeconds(1));
        return (await _world.Tasks.AuthorizeAsync(caller, id, ask, CancellationToken.None)).Decision!;
    }

    private async Task<string> PermitAsync(Caller caller, string id, ActionAsk ask)
    {
        ActionDecision decision = await AskAsync(caller, id, ask);
        Assert.Equal((ActionOutcome.Permit, ""), (decision.Outcome, decision.Detail));
        return decision.Token;
    }

    private async Task ProjectAsync(Caller caller)
    {
        _time.Pass(TimeSpan.FromSeconds(1));
        using WorkloadLease lease = (await _world.Service.AdmitAsync(caller, CancellationToken.None)).Lease!;
        Assert.NotEmpty(lease.Jwt(TaskWorld.Audiences, null));
        lease.HoldX509()?.Release();
    }

    private static TaskView Ok(TaskAnswer answer)
    {
        Assert.True(answer.Refusal == TaskRefusal.None, $"{answer.Refusal} {answer.Detail}");
        return answer.Task!;
    }

    private static TaskIntent Ticket(string ticket) => TaskIntent.TryCreate(new IntentDraft { Ticket = ticket, Goal = "tell a story" }, out TaskIntent? intent, out string? fault) ? intent : throw new FormatException(fault);

    private static byte[] Grants(string actions, int uses) =>
        Encoding.UTF8.GetBytes($$$"""[{"type":"repo","actions":{{{actions}}},"locations":["https://git.example/x"],"audiences":["repo-api"],"constraints":{"max_uses":{{{uses}}}}}]""");

    private void Write(string type, RecordFields data) => _log.TryAppend(new AuditRecord(type, _time.GetUtcNow(), data));
}
