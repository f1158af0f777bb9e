using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Endpoints.WorkloadApi;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Tests.Benchmarks.Tasks;

/// <summary>Issuance as the daemon puts it together, with one template for this user.</summary>
internal sealed class TaskWorld : IDisposable
{
    public const string Audience = "repo-api";

    private readonly EmbeddedAuthority _authority;

    /// <param name="log">Where tasks are written down; null: nowhere, as when the level is higher.</param>
    public TaskWorld(ILogger<TaskLog>? log)
        : this(new TaskLog(log ?? NullLogger<TaskLog>.Instance))
    {
    }

    public TaskWorld(IJournal journal)
    {
        TrustDomain domain = TrustDomain.Parse("example.org");
        AttestationOptions attestation = new();
        TimeProvider time = TimeProvider.System;
        _authority = new EmbeddedAuthority(new AuthorityOptions { TrustDomain = domain }, time);
        TaskTemplate work = new()
        {
            Name = "work",
            Owner = "team-a",
            Starters = new SelectorSet([new Selector("unix", string.Create(CultureInfo.InvariantCulture, $"uid:{IdOf("Uid")}"))]),
            Ceiling = AuthorizationDetails.Parse("""[{"type":"repo","actions":["read","comment"],"locations":["https://git.example/x"],"audiences":["repo-api"]}]"""),
            Audiences = [Audience],
            MaxLive = 20_000,
        };
        Service = new IssuanceService(
            _authority,
            new EntryStore(new EntrySnapshot([])),
            new WorkloadAttestor([new UnixAttestor(attestation, time)], attestation, time),
            new ResponseEncoder(),
            new IssuanceOptions { RequestsPerSecondPerUser = 0, RequestBurstPerUser = 0, JwtLeeway = TimeSpan.FromMinutes(1) },
            new TaskSetup
            {
                Options = new TaskServiceOptions { TrustDomain = domain, MaxLive = 20_000, MaxLivePerUser = 20_000 },
                Rules = new TaskRules(new TemplateSnapshot([work], null), TaskPolicies.BuiltIn),
                Subjects = new SubjectVerifier(new SubjectOptions(), time, NullLogger<SubjectVerifier>.Instance),
                Journal = journal,
            },
            time,
            NullLogger<IssuanceService>.Instance);
        Self = CallerOf(Environment.ProcessId);
    }

    public static ActionAsk Read { get; } = new() { Type = "repo", Action = "read", Location = "https://git.example/x/file", Audience = Audience };

    public IssuanceService Service { get; }

    public TaskService Tasks => Service.Tasks;

    public Caller Self { get; }

    public static Caller CallerOf(int processId) => Caller.Open(processId, IdOf("Uid"), IdOf("Gid"), null);

    public async ValueTask<string> StartAsync(int child = 0)
    {
        TaskAnswer answer = await Tasks.StartAsync(Self, new StartTask { Template = "work", ChildProcessId = child }, CancellationToken.None);
        return answer.Refusal == TaskRefusal.None ? answer.Task!.Id.ToString() : throw new InvalidOperationException($"{answer.Refusal} {answer.Detail}");
    }

    /// <summary>The token of a permitted action.</summary>
    public async ValueTask<string> AuthorizeAsync(Caller caller, string task)
    {
        (ActionDecision? decision, TaskAnswer refused) = await Tasks.AuthorizeAsync(caller, task, Read, CancellationToken.None);
        return decision is { Outcome: ActionOutcome.Permit } ? decision.Token : throw new InvalidOperationException($"{decision} {refused.Refusal}");
    }

    public void Dispose()
    {
        Self.Dispose();
        Service.Dispose();
        _authority.Dispose();
    }

    private static uint IdOf(string which)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith($"{which}:", StringComparison.Ordinal));
        return uint.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture); // Effective.
    }
}
