using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Endpoints.WorkloadApi;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;

/// <summary>Issuance with its real neighbours, and templates for which this process may start tasks: of itself and of its children.</summary>
internal sealed class TaskWorld : IDisposable
{
    /// <summary>How often a root may use what is counted, together with all below it.</summary>
    public const int MaxUses = 2;

    public const string Audience = "repo-api";

    private static readonly TrustDomain Domain = TrustDomain.Parse("example.org");

    private readonly EmbeddedAuthority _authority;

    public TaskWorld(TimeProvider time, int remembered = 1_000, int maxUses = MaxUses, IJournal? journal = null, TaskPolicies? policies = null)
    {
        AttestationOptions attestation = new();
        _authority = new EmbeddedAuthority(new AuthorityOptions { TrustDomain = Domain }, time);
        Wide = RulesOf($$$"""[{"type":"repo","actions":["read","comment"],"locations":["https://git.example/x"],"audiences":["repo-api"],"constraints":{"max_uses":{{{maxUses}}}}}]""", withAsked: true, policies ?? TaskPolicies.BuiltIn);
        Narrow = RulesOf($$$"""[{"type":"repo","actions":["read"],"locations":["https://git.example/x/file"],"audiences":["repo-api"],"constraints":{"max_uses":{{{maxUses / 2}}}}}]""", withAsked: false, policies ?? TaskPolicies.BuiltIn);
        Service = new IssuanceService(
            _authority,
            new EntryStore(new EntrySnapshot([])),
            new WorkloadAttestor([new UnixAttestor(attestation, time)], attestation, time),
            new ResponseEncoder(),
            new IssuanceOptions { RequestsPerSecondPerUser = 0, RequestBurstPerUser = 0, JwtLeeway = TimeSpan.Zero, Revocation = new RevocationOptions { StatusListUri = "https://node.example.org/status" } },
            new TaskSetup
            {
                Options = new TaskServiceOptions { TrustDomain = Domain, RememberEnded = remembered, MaxLivePerUser = 10_000 },
                Rules = Wide,
                Subjects = new SubjectVerifier(new SubjectOptions(), time, NullLogger<SubjectVerifier>.Instance),
                Journal = journal ?? new NoJournal(),
            },
            time,
            NullLogger<IssuanceService>.Instance);
        Self = CallerOf(Environment.ProcessId);
    }

    /// <summary>Somebody else than who asks, as approvals require.</summary>
    public static Operator Operator { get; } = new(4242, 1);

    public static AudienceSet Audiences { get; } = AudienceSet.TryCreate([Audience], out _)!;

    public static ActionAsk Read { get; } = new() { Type = "repo", Action = "read", Location = "https://git.example/x/file", Audience = Audience };

    public IssuanceService Service { get; }

    public TaskService Tasks => Service.Tasks;

    public RevocationLedger Ledger => Service.Revocations;

    /// <summary>This process.</summary>
    public Caller Self { get; }

    public TaskRules Wide { get; }

    /// <summary>Half the uses, one action less, one template less.</summary>
    public TaskRules Narrow { get; }

    public static Caller CallerOf(int processId) => Caller.Open(processId, IdOf("Uid"), IdOf("Gid"), null);

    /// <summary>For what is done in the background: waits until it is seen, and fails when it is not for long.</summary>
    public static async Task UntilAsync(Func<bool> seen)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(120));
        while (!seen()) await Task.Delay(TimeSpan.FromMilliseconds(2), patience.Token);
    }

    public void Dispose()
    {
        Self.Dispose();
        Service.Dispose();
        _authority.Dispose();
    }

    private static TaskRules RulesOf(string ceiling, bool withAsked, TaskPolicies policies)
    {
        TaskTemplate work = new()
        {
            Name = "work",
            Owner = "team-a",
            Starters = new SelectorSet([new Selector("unix", string.Create(CultureInfo.InvariantCulture, $"uid:{IdOf("Uid")}"))]),
            Ceiling = AuthorizationDetails.Parse(ceiling),
            Audiences = [Audience],
            MaxLive = 10_000,
            Lifetimes = new TaskLifetimes { Lease = TimeSpan.FromMinutes(3), Deadline = TimeSpan.FromMinutes(20), Renewal = Renewal.Explicit },
            SubtaskTemplates = ["work", "asked"],
        };
        TaskTemplate asked = work with { Name = "asked", Approval = new ApprovalRule { ToStart = true, Timeout = TimeSpan.FromMinutes(2) } };
        return new TaskRules(new TemplateSnapshot(withAsked ? [work, asked] : [work], null), policies);
    }

    private static uint IdOf(string which)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith($"{which}:", StringComparison.Ordinal));
        return uint.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture); // Effective.
    }
}
