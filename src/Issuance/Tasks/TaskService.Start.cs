using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks;

// How tasks begin: evidence, template, subject, binding, grant, policy, record – and only then an identity.
public sealed partial class TaskService
{
    private readonly ConditionalWeakTable<TaskTemplate, EvidenceDemand> _demands = [];

    /// <summary>Begins a task of the caller, or of its child.</summary>
    public async ValueTask<TaskAnswer> StartAsync(Caller caller, StartTask request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        return await BeginAsync(caller, request, null, cancellationToken);
    }

    /// <summary>Begins a task of the caller's child, below the caller's own task and within it.</summary>
    public async ValueTask<TaskAnswer> SpawnAsync(Caller caller, string parentTaskId, StartTask request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        if (await ReceiveAsync(caller, cancellationToken) is { } refused) return refused;
        TaskRefusal refusal = TryFind(caller, parentTaskId, alsoRequester: false, out LiveTask? parent);
        if (parent is null) return TaskAnswer.Refused(refusal);
        if (IsNotWhatItWas(parent)) return TaskAnswer.Refused(TaskRefusal.ProcessChanged);
        if (request.ChildProcessId == 0) return TaskAnswer.Refused(TaskRefusal.NotBindable, "a subtask is another process's: name the child");
        return await BeginAsync(caller, request, parent, cancellationToken);
    }

    /// <summary>The run of a unit or container is the task: it begins with the first call of a process that holds what an automatic template asks.</summary>
    internal async ValueTask BeginAutomaticAsync(Caller caller, Standing standing, CancellationToken cancellationToken)
    {
        ImmutableArray<TaskTemplate> automatic = _rules.Templates.Automatic;
        if (automatic.IsEmpty) return;
        foreach (TaskTemplate template in automatic)
        {
            if (!template.Starters.IsSubsetOf(standing.Selectors) || IsKnownRun(caller.Peer!, template, standing.Selectors)) continue;
            TaskAnswer answer = await BeginAsync(caller, new StartTask { Template = template.Name }, null, cancellationToken, isAutomatic: true);
            if (answer.Refusal is not TaskRefusal.None) _scribe.Refused(template.Name, ProcessIdentity.Of(caller.Peer!).ToString(), $"automatic: {answer.Refusal} {answer.Detail}", "", "");
        }
    }

    private async ValueTask<TaskAnswer> BeginAsync(Caller caller, StartTask request, LiveTask? parent, CancellationToken cancellationToken, bool isAutomatic = false)
    {
        TaskRules rules = _rules;
        TaskTemplate? template = rules.Templates.Find(request.Template);
        Standing standing = await _reception.ReceiveAsync(caller, template is null ? EvidenceDemand.Of(ProgramKinds) : DemandOf(template), cancellationToken);
        if (standing.Attested is not { } attested) return TaskAnswer.RefusedCaller(standing.Refusal);
        if (RefuseStarter(template, attested, isAutomatic) is { } notForCaller) return Refuse(caller, request, notForCaller);
        if (StartRules.FaultOf(request) is { } fault) return TaskAnswer.Refused(TaskRefusal.Malformed, fault);
        if (!StartRules.TryReadGrants(request, out AuthorizationDetails? requested, out string wrong)) return TaskAnswer.Refused(TaskRefusal.Malformed, wrong);
        if (!StartRules.TryReadKey(request.CertificateRequest, out ReadOnlyMemory<byte> key, out wrong)) return TaskAnswer.Refused(TaskRefusal.Malformed, wrong);

        if (request.IdempotencyKey.Length > 0 && _table.FindKey(ProcessIdentity.Of(caller.Peer!), request.IdempotencyKey) is { } known) return Same(known, template!, request);

        TaskBinder binder = new(_attestor, caller.Peer!, template!, request.ChildProcessId, attested);
        if (!binder.TryBind(out TaskBinding? binding, out string unbound)) return Refuse(caller, request, TaskAnswer.Refused(TaskRefusal.NotBindable, unbound));
        SubjectVerification subject = request.SubjectToken.Length > 0 ? _subjects.Verify(request.SubjectToken, template!.Subject.Issuers) : default;
        TaskAnswer answer;
        if (request.SubjectToken.Length > 0 && !subject.IsAccepted) answer = TaskAnswer.Refused(TaskRefusal.SubjectRefused, subject.Refusal.ToString());
        else if (template!.Subject.IsRequired && !subject.IsAccepted && parent?.Subject is null) answer = TaskAnswer.Refused(TaskRefusal.SubjectRefused, "an assertion of the subject is required");
        else
        {
            answer = Begin(new TaskPlan
            {
                Rules = rules,
                Template = template,
                Parent = parent,
                Request = request,
                Requested = requested,
                Binding = binding,
                Caller = caller,
                Attested = attested,
                Subject = subject.Subject ?? parent?.Subject,
                PublicKey = key,
                IsAutomatic = isAutomatic,
            });
        }

        if (answer.Task is not null && answer.Refusal == TaskRefusal.None && _table.Find(answer.Task.Id.ToString())?.Binding == binding) return answer;
        binding.Dispose();
        return answer.Refusal == TaskRefusal.None ? answer : Refuse(caller, request, answer);
    }

    private TaskAnswer Begin(TaskPlan plan)
    {
        TaskId id = TaskId.New();
        TaskFamily family = plan.Parent?.Family ?? new TaskFamily(id);
        LiveTask task;
        lock (family.Gate)
        {
            if (plan.Parent is { } parent && RefuseChild(parent, plan.Template) is { } refused) return refused;
            AuthorizationDetails[] limits = [plan.Rules.Templates.Ceiling ?? AuthorizationDetails.Everything, plan.Template.Ceiling, plan.Parent?.Uses.Delegable ?? AuthorizationDetails.Everything];
            GrantMeet meet = GrantMeet.Of(plan.Requested, new GrantCeiling("the operator", limits[0]), new GrantCeiling("the template", limits[1]), new GrantCeiling("the parent", limits[2]));
            if (meet.Effective.Items.IsEmpty && !plan.Template.Ceiling.Items.IsEmpty && !plan.Requested.Equals(AuthorizationDetails.None))
                return TaskAnswer.Refused(TaskRefusal.NothingGranted, string.Join("; ", meet.Dropped.Take(3).Select(dropped => dropped.Reason)));

            task = Create(plan, id, family, meet);
            task.Decision = Decide(task, ActOf(task), plan.IsAutomatic ? "automatic" : "request");
            if (task.Decision.IsDenied) return TaskAnswer.Refused(TaskRefusal.PolicyDenied, $"decision {task.Decision.Id}");
            if (!_ledger.Open(id.ToString())) return TaskAnswer.Refused(TaskRefusal.TooMany, "tasks with credentials");
            if (!_table.TryAdd(task, out LiveTask? same, out string full))
            {
                _ledger.EndTasks([id.ToString()], Revocation.RevocationReason.Withdrawn);
                return same is not null ? Same(same, plan.Template, plan.Request) : TaskAnswer.Refused(TaskRefusal.TooMany, full);
            }

            if (plan.Parent is { } giving)
            {
                if (!giving.Uses.TryDebit(task.Grants, out UseDebit? debit, out UseLedger left)) throw new InvalidOperationException("a meet is within what may be handed on");
                (giving.Uses, task.Debit) = (left, debit);
            }

            bool waits = plan.Template.Approval.ToStart || task.Decision.Verdict == TaskVerdict.NeedsApproval;
            task.State = TaskTransitions.Begin(waits);
            if (waits) task.Clocks = WaitingClocks(task);
            if (!_scribe.Note(task, TaskEntryKind.Started, plan.IsAutomatic ? "automatic" : "request", waits ? "waits for approval" : ""))
            {
                End(task, TaskTrigger.Revoke, "cannot be written down", Revocation.RevocationReason.Withdrawn);
                return TaskAnswer.Refused(TaskRefusal.NotRecorded);
            }

            if (plan.Parent is not null)
            {
                plan.Parent.Children.Add(task);
                family.Size++;
            }

            if (waits) AskApproval(task, "", $"start {plan.Template.Name}: {Encoding.UTF8.GetString(task.Grants.Canonical)}", plan.Rules.Policies.Digest);
            else Activate(task);
            Schedule(task);
        }

        _ = WatchAsync(task);
        // Who read the rules anew either found the task in the table, or had swapped them before it came there.
        if (!ReferenceEquals(plan.Rules, _rules)) Reevaluate(task, _rules, "rules were read anew");
        if (!task.IsLive) return TaskAnswer.Refused(TaskRefusal.PolicyDenied, "the rules were read anew meanwhile");
        Announce(task);
        return TaskAnswer.Of(View(task));
    }

    private LiveTask Create(TaskPlan plan, TaskId id, TaskFamily family, GrantMeet meet)
    {
        StartTask request = plan.Request;
        TimeSpan now = _credentials.Uptime;
        return new LiveTask
        {
            Id = id,
            SpiffeId = new TaskSpiffeId(plan.Template.Name, id).In(_options.TrustDomain),
            Family = family,
            Parent = plan.Parent,
            Binding = plan.Binding,
            Requester = ProcessIdentity.Of(plan.Caller.Peer!),
            RequesterUserId = plan.Caller.UserId,
            Held = plan.Binding.IsStarting ? SelectorSet.Empty : plan.Template.Starters,
            Subject = plan.Subject,
            Chain = plan.Parent is { } parent ? parent.Chain.Add((parent.SpiffeId, parent.Grants.Digest)) : [],
            Labels = request.Labels,
            IdempotencyKey = request.IdempotencyKey,
            PublicKey = plan.PublicKey,
            IsAutomatic = plan.IsAutomatic,
            StartedAt = _time.GetUtcNow(),
            Supersedes = request.Supersedes,
            Template = plan.Template,
            Clocks = TaskClocks.Start(now, StartRules.LimitsOf(plan.Template.Lifetimes, request), plan.Parent?.Clocks),
            Grants = meet.Effective,
            Uses = UseLedger.Of(meet.Effective),
            Dropped = [.. meet.Dropped.Select(dropped => new DroppedRight(dropped.Detail.ToString(), dropped.Reason))],
            Intent = request.Intent,
            Entities = EntitiesOf(plan, id),
            Executable = StartRules.ExecutableOf(plan.Attested.Selectors) is { Length: > 0 } known && request.ChildProcessId == 0 ? known : _attestor.View(plan.Binding.Process.Peer).Executable ?? "",
        };
    }

    /// <summary>From now on it has an identity. Under the family's gate.</summary>
    private void Activate(LiveTask task)
    {
        GenerationTerms terms = new(task, task.Generation, _credentials);
        task.Identity = new TaskEntitlement(task.SpiffeId, $"task:{task.Id}", task.Template.IsDefaultIdentity, terms);
        task.Cause = "";
        TimeSpan now = _credentials.Uptime;
        TaskLifetimes lifetimes = task.Template.Lifetimes;
        task.RenewAt = lifetimes.Renewal == Renewal.Automatic ? HalfOfLease(task, now) : TimeSpan.MaxValue;
        task.ReattestAt = task.Template.ReattestEvery is { } every ? now + every : null;
    }

    /// <summary>While people think, nothing runs but the end of the question and the deadline.</summary>
    private TaskClocks WaitingClocks(LiveTask task)
    {
        TimeSpan now = _credentials.Uptime, timeout = task.Template.Approval.Timeout, lease = task.Clocks.Lease - now;
        return task.Clocks.Pause(now).Renew(now, timeout > lease ? timeout : lease, task.Parent?.Clocks);
    }

    private static TaskAct ActOf(LiveTask task) => task.Parent is null ? TaskAct.Start : TaskAct.Spawn;

    /// <summary>What the same process asked for by the same key before, if it is what is asked for now.</summary>
    private TaskAnswer Same(LiveTask same, TaskTemplate template, StartTask request)
    {
        lock (same.Family.Gate)
        {
            return string.Equals(same.Template.Name, template.Name, StringComparison.Ordinal) && same.Intent.Equals(request.Intent)
                ? TaskAnswer.Of(ViewOf(same))
                : TaskAnswer.Refused(TaskRefusal.Malformed, "the idempotency key was used for another task");
        }
    }

    private TaskAnswer? RefuseChild(LiveTask parent, TaskTemplate template)
    {
        if (parent.State != TaskState.Active) return TaskAnswer.Refused(RefusalOf(parent.State));
        ImmutableArray<string> allowed = parent.Template.SubtaskTemplates;
        bool isAllowed = allowed.IsEmpty ? string.Equals(parent.Template.Name, template.Name, StringComparison.Ordinal) : allowed.Contains(template.Name, StringComparer.Ordinal);
        if (!isAllowed) return TaskAnswer.Refused(TaskRefusal.SubtaskNotAllowed, $"template {parent.Template.Name} names no subtasks of {template.Name}");
        int depth = template.MaxDepth;
        for (LiveTask? above = parent; above is not null; above = above.Parent) depth = Math.Min(depth, above.Template.MaxDepth);
        if (parent.Depth + 1 > depth) return TaskAnswer.Refused(TaskRefusal.SubtaskNotAllowed, $"at most {depth} levels of subtasks");
        if (parent.Children.Count(child => child.IsLive) >= parent.Template.MaxChildren) return TaskAnswer.Refused(TaskRefusal.TooMany, $"at most {parent.Template.MaxChildren} subtasks at once");
        if (parent.Family.Size >= _options.MaxFamily) return TaskAnswer.Refused(TaskRefusal.TooMany, $"at most {_options.MaxFamily} tasks of one root");
        return null;
    }

    private static TaskAnswer? RefuseStarter(TaskTemplate? template, AttestationResult.Attested attested, bool isAutomatic)
    {
        if (template is null || template.Class != TemplateClass.Task || (template.IsAutomatic && !isAutomatic)) return TaskAnswer.Refused(TaskRefusal.TemplateNotForCaller);
        if (template.Starters.IsSubsetOf(attested.Selectors)) return null;
        bool mightBe = attested.FailedTypes.Any(type => template.MightStart(attested.Selectors, type, attested.FailedTypes));
        return TaskAnswer.Refused(mightBe ? TaskRefusal.EvidenceUnavailable : TaskRefusal.TemplateNotForCaller);
    }

    private bool IsKnownRun(PeerProcess peer, TaskTemplate template, SelectorSet selectors)
    {
        InvocationKey? run = template.Binding switch
        {
            BindingKind.Container => InvocationKey.OfContainer(_attestor.ReadCgroup(peer)),
            BindingKind.Systemd => InvocationKey.OfUnit(selectors),
            _ => OwnCgroup(peer),
        };
        return run is not null && _table.FindRun(run, template.Name) is not null;
    }

    private InvocationKey? OwnCgroup(PeerProcess peer)
    {
        using CgroupHold? cgroup = CgroupHold.TryHold(_attestor.ReadCgroup(peer), CgroupScope.Own, out _);
        return cgroup is null ? null : InvocationKey.OfCgroup(cgroup);
    }

    /// <summary>A refusal is written down, whatever else happens.</summary>
    private TaskAnswer Refuse(Caller caller, StartTask request, TaskAnswer refused)
    {
        _scribe.Refused(StartRules.Shown(request.Template), ProcessIdentity.Of(caller.Peer!).ToString(), $"{refused.Refusal} {refused.Detail}", "", _rules.Policies.Digest);
        return refused;
    }

    private async ValueTask<TaskAnswer?> ReceiveAsync(Caller caller, CancellationToken cancellationToken)
    {
        Standing standing = await _reception.ReceiveAsync(caller, cancellationToken);
        return standing.Refusal == Refusal.None ? null : TaskAnswer.RefusedCaller(standing.Refusal);
    }

    /// <summary>What is asked of whoever wants to begin a task: what the template asks, and what program it is, for the record.</summary>
    private EvidenceDemand DemandOf(TaskTemplate template) => _demands.GetValue(template, static template => EvidenceDemand.Of(
        SelectorKinds.Of(template.Starters).And(template.Binding == BindingKind.Systemd ? UnitKinds : ProgramKinds)));

    private static SelectorKinds ProgramKinds { get; } = SelectorKinds.Of([new Selector("unix", "path"), new Selector("unix", "sha256")]);

    private static SelectorKinds UnitKinds { get; } = ProgramKinds.And(SelectorKinds.Of([new Selector("systemd", "id"), new Selector("systemd", "invocation_id")]));
}
