using System.Collections.Immutable;
using System.Text;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;

/// <summary>One walk through the service, beside the plainest model of it: what left, whose it was, what ended how, what each root has used.</summary>
internal sealed class TaskWalk : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly TaskWorld _world;
    private readonly List<TaskView> _tasks = []; // As they were at their start.
    private readonly List<LeftCredential> _left = [];
    private readonly Dictionary<string, TaskView> _over = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal); // By root.
    private Worker? _worker;
    private bool _isNarrow;

    public TaskWalk(IJournal? journal = null, TaskPolicies? policies = null) => _world = new TaskWorld(_time, journal: journal, policies: policies);

    /// <summary>Credentials that left, action tokens among them, and those of them that were spent: a walk in which none did would prove nothing.</summary>
    public (int Left, int Actions, int Spent) Seen => (_left.Count, _left.Count(credential => credential.Kind == CredentialKind.ActionToken), _left.Count(credential => credential.IsSpent));

    public async Task DoAsync(Step step, int which)
    {
        TaskView? task = _tasks.Count == 0 ? null : Now(_tasks[which % _tasks.Count]);
        switch (step)
        {
            case Step.Start:
                await StartAsync(new StartTask { Template = "work", Intent = Ticket(which) });
                break;
            case Step.StartWorker:
                await StartAsync(new StartTask { Template = "work", ChildProcessId = Worker().ProcessId });
                break;
            case Step.StartAsked:
                await StartAsync(new StartTask { Template = "asked" });
                break;
            case Step.Reload:
                _isNarrow = !_isNarrow;
                _world.Tasks.Reload(_isNarrow ? _world.Narrow : _world.Wide);
                break;
            case Step.KillWorker:
                await KillWorkerAsync();
                break;
            case Step.Pass:
                _time.Pass(TimeSpan.FromSeconds(1 + which));
                _world.Tasks.OnBeat();
                break;
            case Step.Verify or Step.Consume when _left.Count > 0:
                Show(_left[which % _left.Count], consume: step == Step.Consume);
                break;
            default:
                if (task is not null) await DoAsync(step, task, which);
                break;
        }

        Check();
    }

    /// <summary>Everything ends, and nothing is left.</summary>
    public async Task EndAsync()
    {
        _world.Tasks.Revoke(TaskWorld.Operator, new TaskSelection { All = true });
        Check();
        Assert.Equal(0, _world.Tasks.Live);
        Assert.Equal(0, _world.Ledger.OpenTasks);
        Assert.Equal(0, _world.Service.LiveIdentities);
        Assert.All(_left, credential => Assert.NotEqual(CredentialStatus.Valid, _world.Ledger.StatusOf(credential.Kind, credential.Id)));
        if (_worker is not null) await KillWorkerAsync();
    }

    public void Dispose()
    {
        _worker?.Dispose();
        _world.Dispose();
    }

    private async Task DoAsync(Step step, TaskView task, int which)
    {
        string id = task.Id.ToString();
        Caller caller = CallerOf(task);
        TaskSelection one = new() { TaskId = id };
        switch (step)
        {
            case Step.Spawn:
                string wish = $$$"""[{"type":"repo","actions":["read","comment","delete"],"locations":["https://git.example/"],"audiences":["repo-api"],"constraints":{"max_uses":{{{1 + (which % 4)}}}}}]""";
                await StartAsync(new StartTask { Template = which % 5 == 0 ? "asked" : "work", ChildProcessId = Worker().ProcessId, Grants = Encoding.UTF8.GetBytes(wish) }, task);
                break;
            case Step.Authorize:
                await AuthorizeAsync(caller, task);
                break;
            case Step.Project:
                await ProjectAsync(caller);
                break;
            case Step.Renew:
                TaskAnswer renewed = await _world.Tasks.RenewAsync(caller, id, TimeSpan.FromSeconds(1 + (which * 20)), CancellationToken.None);
                if (renewed.Refusal == TaskRefusal.None) Assert.True(renewed.Task!.LeaseUntil >= task.LeaseUntil, "a renewal shortened the lease");
                break;
            case Step.Suspend:
                await _world.Tasks.SuspendAsync(caller, id, "", CancellationToken.None);
                break;
            case Step.Resume:
                await _world.Tasks.ResumeAsync(caller, id, CancellationToken.None);
                break;
            case Step.Narrow:
                byte[] less = Encoding.UTF8.GetBytes("""[{"type":"repo","actions":["read"],"locations":["https://git.example/x"],"audiences":["repo-api"],"constraints":{"max_uses":2}}]""");
                await _world.Tasks.UpdateIntentAsync(caller, id, Ticket(which), which % 2 == 0 ? less : default(ReadOnlyMemory<byte>), CancellationToken.None);
                break;
            case Step.Approve:
                _world.Tasks.Approve(TaskWorld.Operator, id);
                break;
            case Step.Deny:
                _world.Tasks.Deny(TaskWorld.Operator, id, "");
                break;
            case Step.Complete:
                await _world.Tasks.CompleteAsync(caller, id, "", CancellationToken.None);
                break;
            case Step.Fail:
                await _world.Tasks.FailAsync(caller, id, "", CancellationToken.None);
                break;
            case Step.Revoke:
                _world.Tasks.Revoke(TaskWorld.Operator, new TaskSelection { Subtree = id });
                break;
            case Step.EndWhere when task.Ticket.Length > 0:
                _world.Tasks.EndWhere(TaskWorld.Operator, new TaskSelection { Ticket = task.Ticket });
                break;
            case Step.Contain:
                _world.Tasks.Contain(TaskWorld.Operator, one, kill: false);
                break;
            case Step.HoldDown:
                _world.Tasks.Suspend(TaskWorld.Operator, one);
                if (Now(task).State == TaskState.Suspended) Assert.NotEqual(TaskRefusal.None, (await _world.Tasks.ResumeAsync(caller, id, CancellationToken.None)).Refusal);
                break;
            case Step.LetGoOn:
                await _world.Tasks.ResumeAsync(TaskWorld.Operator, one, CancellationToken.None);
                break;
        }
    }

    private async Task StartAsync(StartTask request, TaskView? parent = null)
    {
        TaskAnswer answer = parent is null
            ? await _world.Tasks.StartAsync(_world.Self, request, CancellationToken.None)
            : await _world.Tasks.SpawnAsync(_world.Self, parent.Id.ToString(), request, CancellationToken.None);
        if (answer.Refusal != TaskRefusal.None) return;
        TaskView task = answer.Task!;
        _tasks.Add(task);
        Assert.True(task.LeaseUntil <= task.Deadline);
        if (parent is null) return;
        Assert.Equal(TaskState.Active, parent.State);
        Assert.True(AuthorizationDetails.Parse(task.Grants).IsWithin(AuthorizationDetails.Parse(parent.Grants)), $"{task.Grants} is not within {parent.Grants}");
        Assert.True(task.Deadline <= parent.Deadline && (task.LeaseUntil <= parent.LeaseUntil || task.State == TaskState.PendingApproval));
    }

    private async Task AuthorizeAsync(Caller caller, TaskView task)
    {
        (ActionDecision? decision, _) = await _world.Tasks.AuthorizeAsync(caller, task.Id.ToString(), TaskWorld.Read, CancellationToken.None);
        if (decision is not { Outcome: ActionOutcome.Permit }) return;
        Assert.Equal(TaskState.Active, task.State);
        string root = task.Correlation.ToString();
        _uses[root] = _uses.GetValueOrDefault(root) + 1;
        Take(decision.Token, task, CredentialKind.ActionToken);
    }

    /// <summary>What the Workload API shows of the caller's tasks: of those that are active, and of no other.</summary>
    private async Task ProjectAsync(Caller caller)
    {
        Admitted admitted = await _world.Service.AdmitAsync(caller, CancellationToken.None);
        if (admitted.Lease is not { } lease) return;
        using (lease)
        {
            ImmutableArray<Presented<JwtSvid>> shown = lease.Jwt(TaskWorld.Audiences, null);
            foreach (Presented<JwtSvid> svid in shown)
            {
                TaskView task = Now(_tasks.Single(task => task.SpiffeId.Equals(svid.Id)));
                Assert.Equal((TaskState.Active, caller.ProcessId), (task.State, task.ProcessId));
                if (!_left.Exists(known => string.Equals(known.Id, svid.Svid.TokenId, StringComparison.Ordinal))) Take(svid.Svid.Token, task, CredentialKind.Jwt);
            }

            DateTimeOffset soon = _time.GetUtcNow() + TimeSpan.FromSeconds(2);
            Assert.Equal(_tasks.Select(Now).Count(task => task.State == TaskState.Active && task.ProcessId == caller.ProcessId && task.LeaseUntil > soon), shown.Count(svid => svid.Svid.ExpiresAt > soon));
            lease.HoldX509()?.Release();
        }
    }

    private void Take(string token, TaskView before, CredentialKind kind)
    {
        CredentialCheck<JwtSvid> check = _world.Service.ValidateJwt(token, TaskWorld.Audience);
        Assert.True(check.IsValid, check.Broken);
        TaskView task = Now(before);
        Assert.Equal((task.Id.ToString(), task.Generation, kind), (check.Credential!.TaskId, check.Credential.Generation, check.Credential.Kind));
        Assert.True(check.Svid.ExpiresAt <= task.LeaseUntil, $"{check.Svid.ExpiresAt:O} is behind the lease {task.LeaseUntil:O}");
        _left.Add(new LeftCredential(kind, check.Credential.Id, token, check.Credential.TaskId, check.Credential.Generation, check.Svid.ExpiresAt));
    }

    private void Show(LeftCredential credential, bool consume)
    {
        bool counts = Counts(credential);
        CredentialVerdict verdict = _world.Tasks.VerifyToken(credential.Token, TaskWorld.Audience, consume);
        Assert.True(verdict.IsValid == (counts && (!consume || credential.Kind == CredentialKind.ActionToken)), $"{credential} is said to be {verdict.IsValid} {verdict.Reason}");
        if (consume && verdict.IsValid) credential.IsSpent = true;
    }

    private async Task KillWorkerAsync()
    {
        if (_worker is not { } worker) return;
        worker.Kill();
        // Its parent is asked for a while how the work ended: until then nothing counts any more, and then the tasks are over.
        await TaskWorld.UntilAsync(() => Bound().All(task => task.State != TaskState.Active));
        Check();
        await TaskWorld.UntilAsync(() =>
        {
            _time.Pass(TimeSpan.FromMilliseconds(100));
            return Bound().All(task => task.State.IsTerminal());
        });
        worker.Dispose();
        _worker = null;

        IEnumerable<TaskView> Bound() => _tasks.Where(task => task.ProcessId == worker.ProcessId).Select(Now);
    }

    /// <summary>The receipt without what is found out later.</summary>
    private static OffboardingReceipt AtTheEnd(TaskView task) => task.Receipt! with { Check = null! };

    /// <summary>What holds after every step.</summary>
    private void Check()
    {
        TaskView[] now = [.. _tasks.Select(Now)];
        foreach (TaskView task in now)
        {
            string id = task.Id.ToString();
            if (_over.TryGetValue(id, out TaskView? over))
            {
                Assert.Equal((over.State, over.Generation, over.Cause, AtTheEnd(over)), (task.State, task.Generation, task.Cause, AtTheEnd(task))); // Over is over.
            }
            else if (task.State.IsTerminal())
            {
                _over[id] = task;
            }

            if (task.State == TaskState.Active && task.Parent is { } parent) Assert.Equal(TaskState.Active, Now(_tasks.Single(above => above.Id == parent)).State);
        }

        Assert.Equal(now.Count(task => !task.State.IsTerminal()), _world.Tasks.Live);
        Assert.Equal(_world.Tasks.Live, _world.Ledger.OpenTasks);
        Assert.All(_uses, uses => Assert.True(uses.Value <= TaskWorld.MaxUses, $"root {uses.Key} was used {uses.Value} times"));
        foreach (LeftCredential credential in _left)
        {
            CredentialStatus status = _world.Ledger.StatusOf(credential.Kind, credential.Id);
            if (status == CredentialStatus.Unknown) Assert.True(_time.GetUtcNow() >= credential.ExpiresAt, "forgotten before its time");
            else Assert.True(Counts(credential) == (status == CredentialStatus.Valid && _time.GetUtcNow() < credential.ExpiresAt), $"{credential} is {status}");
        }
    }

    /// <summary>Whether it should count: its task is active, in the same generation, it was not spent, and has not expired.</summary>
    private bool Counts(LeftCredential credential)
    {
        TaskView task = _world.Tasks.Get(credential.TaskId)!;
        return task.State == TaskState.Active && task.Generation == credential.Generation && !credential.IsSpent && _time.GetUtcNow() < credential.ExpiresAt;
    }

    private TaskView Now(TaskView task) => _world.Tasks.Get(task.Id.ToString())!;

    private Caller CallerOf(TaskView task) => task.ProcessId == _worker?.ProcessId ? _worker.Caller : _world.Self;

    private Worker Worker() => _worker ??= new Worker();

    private static TaskIntent Ticket(int which) => TaskIntent.TryCreate(new IntentDraft { Ticket = $"T-{which % 3}" }, out TaskIntent? intent, out string? fault) ? intent : throw new InvalidOperationException(fault);
}
