using System.Text;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;

namespace Spiffe.Agent.Tests.Benchmarks.Auditing;

/// <summary>One task as the daemon would write it down: it begins, takes credentials, acts twice, renews, and ends.</summary>
internal sealed class BenchTask
{
    private static readonly string[] Acts =
    [
        RecordTypes.TaskStarted, RecordTypes.TaskIssued, RecordTypes.TaskIssued, RecordTypes.TaskPermitted, RecordTypes.TaskUsed, RecordTypes.TaskPermitted,
        RecordTypes.TaskUsed, RecordTypes.TaskRenewed, RecordTypes.TaskIssued, RecordTypes.TaskRevoked, RecordTypes.TaskEnded,
    ];

    private static readonly TaskIntent Intent = TaskIntent.TryCreate(new IntentDraft { Goal = "export the night's data", Ticket = "OPS-9" }, out TaskIntent? intent, out string? fault) ? intent : throw new FormatException(fault);

    private readonly TaskId _id = TaskId.New();
    private readonly TaskEntities _entities;
    private readonly List<string> _credentials = [];
    private DateTimeOffset _started;
    private TaskDecision? _rests;
    private string _token = "";
    private int _next;
    private int _uses;

    public BenchTask() => _entities = new TaskEntities(new TaskFacts
    {
        Id = _id,
        Template = "nightly-export",
        Owner = "data-platform",
        Selectors = new SelectorSet([new Selector("unix", "uid:1001"), new Selector("unix", "path:/usr/bin/export"), new Selector("systemd", "id:export.service")]),
    });

    public bool IsOver => _next == Acts.Length;

    public (string Type, RecordFields Data, string? Body) Next(TaskPolicies policies, AuthorizationDetails grants, DateTimeOffset at)
    {
        string type = Acts[_next++];
        RecordFields data = new RecordFields().Add(RecordNames.Id, $"spiffe://example.org/agent/nightly-export/task/{_id}").Add(RecordNames.Task, _id.ToString()).Add(RecordNames.Root, _id.ToString())
            .Add(RecordNames.Template, "nightly-export").Add(RecordNames.Owner, "data-platform").Add(RecordNames.State, type is RecordTypes.TaskRevoked or RecordTypes.TaskEnded ? "COMPLETED" : "ACTIVE")
            .Add(RecordNames.Generation, 1).Add(RecordNames.Process, "pid 4711 uid 1001 start 123456").Add(RecordNames.Trigger, type == RecordTypes.TaskEnded ? "Complete" : "request").Add(RecordNames.IntentDigest, Intent.Digest);
        TaskDecision? decided = type switch
        {
            RecordTypes.TaskStarted => Decide(policies, TaskAct.Start, at, null),
            RecordTypes.TaskRenewed => Decide(policies, TaskAct.Renew, at, null),
            RecordTypes.TaskPermitted => Decide(policies, TaskAct.Use, at, new ActionQuestion { Type = "repo", Action = "read", Location = GrantLocation.Parse("https://git.example/x/y"), Audience = "repo-api" }),
            _ => null,
        };
        if (type is RecordTypes.TaskStarted or RecordTypes.TaskRenewed) _rests = decided;
        if (type == RecordTypes.TaskStarted) data.AddCanonical(RecordNames.Grants, grants.Canonical.ToArray()).Add(RecordNames.Deadline, (DateTimeOffset?)(_started = at).AddHours(1));
        if (type is RecordTypes.TaskIssued or RecordTypes.TaskPermitted or RecordTypes.TaskUsed) Credential(type, data, at);
        if (type == RecordTypes.TaskRevoked) data.Add(RecordNames.Credentials, _credentials);
        if (type == RecordTypes.TaskPermitted) data.Add(RecordNames.Action, "read").Add(RecordNames.Audience, "repo-api").Add(RecordNames.Resource, "https://git.example/x/y");
        data.Add(RecordNames.Decision, (decided ?? _rests)!.Id).Add(RecordNames.PolicyDigest, policies.Digest);
        if (decided is null) return (type, data, null);
        data.Add(RecordNames.Verdict, "permit").Add(RecordNames.InputDigest, decided.InputDigest).Add(RecordNames.Policies, decided.Reasons);
        return (type, data, Encoding.UTF8.GetString(decided.Input.Span));
    }

    private TaskDecision Decide(TaskPolicies policies, TaskAct act, DateTimeOffset at, ActionQuestion? action) => policies.Decide(
        new TaskQuestion { Act = act, Task = _entities, Now = at, Intent = Intent, Action = action, Uses = action is null ? 0 : _uses++, Remaining = action is null ? null : 100 - _uses },
        Guid.NewGuid().ToString("n"));

    private void Credential(string type, RecordFields data, DateTimeOffset at)
    {
        bool isToken = type != RecordTypes.TaskIssued;
        if (type != RecordTypes.TaskUsed)
        {
            _token = Guid.NewGuid().ToString("n");
            _started = at;
            _credentials.Add($"{(isToken ? "action_token" : "x509")} {_token}");
        }

        data.Add(RecordNames.CredentialKind, isToken ? "action_token" : "x509").Add(RecordNames.Credential, _token);
        if (type != RecordTypes.TaskUsed) data.Add(RecordNames.ExpiresAt, (DateTimeOffset?)_started.AddMinutes(1));
    }
}
