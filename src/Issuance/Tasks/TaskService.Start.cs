using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
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
        return await BegunAsync(await BeginAsync(caller, request, null, cancellationToken), cancellationToken);
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
        return await BegunAsync(await BeginAsync(caller, request, parent, cancellationToken), cancellationToken);
    }

    /// <summary>A task that cannot be kept in the journal is over: nothing of it has left.</summary>
    private async ValueTask<TaskAnswer> BegunAsync(TaskAnswer answer, CancellationToken cancellationToken)
    {
        TaskAnswer settled = await Settled(answer, cancellationToken);
        if (settled.Refusal != answer.Refusal && _table.Find(answer.Task!.Id.ToString()) is { } task) End(task, TaskTrigger.Revoke, "it cannot be written down", RevocationReason.Withdrawn);
        return settled;
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
            if (answer.Refusal is not TaskRefusal.None) _scribe.Refused(template.Name, ProcessIdentity.Of(caller.Peer!).ToString(), $"automatic: {answer.Refusal} {answer.Detail}", null, "");
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
        bool isTaken = false;
        TaskAnswer answer;
        try
        {
            answer = RefuseSubject(request, template!, subject, parent) ?? Begin(
                new TaskPlan
                {
                    Rules = rules,
                    Template = template!,
                    Parent = parent,
                    Request = request,
                    Requested = requested,
                    Binding = binding,
                    Caller = caller,
                    Attested = attested,
                    Subject = subject.Subject ?? parent?.Subject,
                    PublicKey = key,
                    IsAutomatic = isAutomatic,
                },
                out isTaken);
        }
        finally
        {
            if (!isTaken) binding.Dispose();
        }

        return answer.Refusal == TaskRefusal.None ? answer : Refuse(caller, request, answer);
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

    private static TaskAnswer? RefuseSubject(StartTask request, TaskTemplate template, SubjectVerification subject, LiveTask? parent)
    {
        if (subject.IsAccepted) return null;
        if (request.SubjectToken.Length > 0) return TaskAnswer.Refused(TaskRefusal.SubjectRefused, subject.Refusal.ToString());
        return template.Subject.IsRequired && parent?.Subject is null ? TaskAnswer.Refused(TaskRefusal.SubjectRefused, "an assertion of the subject is required") : null;
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
        if (refused.Refusal == TaskRefusal.TemplateNotForCaller) _denials.Stranger(caller, refused.Refusal.ToString(), isAttested: true);
        _scribe.Refused(StartRules.Shown(request.Template), ProcessIdentity.Of(caller.Peer!).ToString(), $"{refused.Refusal} {refused.Detail}", refused.Decision, _rules.Policies.Digest);
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
