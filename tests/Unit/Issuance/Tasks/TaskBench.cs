using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tasks.Templates;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Unit.Issuance.Tasks;

/// <summary>Issuance with templates, on a clock moved by hand; the workers are this process and real children of it.</summary>
internal sealed class TaskBench : IDisposable
{
    public const string RepoGrant = """[{"type":"repo","actions":["read","comment"],"locations":["https://git.example/x"],"audiences":["repo-api"],"constraints":{"max_uses":3}}]""";

    public TaskBench(Func<TaskTemplate, TaskTemplate>? change = null, params string[] policies)
    {
        TaskTemplate template = Template("work");
        Rules = new TaskRules(new TemplateSnapshot([change?.Invoke(template) ?? template], null), Compile(policies));
        Issuance = new IssuanceBench([], Rules);
    }

    public TaskBench(TaskRules rules, IssuanceParts? parts = null)
    {
        Rules = rules;
        Issuance = new IssuanceBench((parts ?? new IssuanceParts()) with { Tasks = rules });
    }

    public IssuanceBench Issuance { get; }

    public TaskRules Rules { get; }

    public TaskService Tasks => Issuance.Service.Tasks;

    public Caller Self => Issuance.Self;

    public ManualTime Time => Issuance.Time;

    /// <summary>Another user than this one, with a right to the admin socket.</summary>
    public static Operator Somebody { get; } = new(4_000_001, 1);

    /// <summary>The operator reads other rules.</summary>
    public void Reload(Func<TaskTemplate, TaskTemplate> change, params string[] policies) =>
        Tasks.Reload(new TaskRules(new TemplateSnapshot([.. Tasks.Rules.Templates.All.Select(change)], Tasks.Rules.Templates.Ceiling), Compile(policies)));

    public static TaskTemplate Template(string name) => new()
    {
        Name = name,
        Owner = "team-a",
        Starters = new SelectorSet([new Selector("unix", string.Create(CultureInfo.InvariantCulture, $"uid:{IssuanceBench.UserId}"))]),
        Ceiling = AuthorizationDetails.Parse(RepoGrant),
        Audiences = ["repo-api", "other-api"],
        Boundaries = ["inside", "outside"],
    };

    public static TaskPolicies Compile(params string[] policies)
    {
        if (policies.Length == 0) return TaskPolicies.BuiltIn;
        Assert.True(TaskPolicies.TryCompile([.. policies.Select((text, i) => new PolicySource($"p{i}", text))], out TaskPolicies? compiled, out var faults), string.Join("; ", faults));
        return compiled;
    }

    public static TaskIntent Intent(IntentDraft draft)
    {
        Assert.True(TaskIntent.TryCreate(draft, out TaskIntent? intent, out string? fault), fault);
        return intent;
    }

    public static ActionAsk Read(string location = "https://git.example/x/file", string audience = "repo-api") => new() { Type = "repo", Action = "read", Location = location, Audience = audience };

    public async Task<TaskView> StartAsync(StartTask? request = null, Caller? caller = null)
    {
        TaskAnswer answer = await Tasks.StartAsync(caller ?? Self, request ?? new StartTask { Template = "work" }, CancellationToken.None);
        Assert.True(answer.Refusal == TaskRefusal.None, $"{answer.Refusal} {answer.Detail}");
        return answer.Task!;
    }

    public async Task<TaskAnswer> TryStartAsync(StartTask request, Caller? caller = null) => await Tasks.StartAsync(caller ?? Self, request, CancellationToken.None);

    public async Task<ActionDecision> AskAsync(ActionAsk ask, string taskId = "")
    {
        (ActionDecision? decision, TaskAnswer refused) = await Tasks.AuthorizeAsync(Self, taskId, ask, CancellationToken.None);
        Assert.True(decision is not null, $"{refused.Refusal} {refused.Detail}");
        return decision;
    }

    public async Task<ActionDecision> AskAsync(ActionAsk ask, Caller caller, string taskId = "")
    {
        (ActionDecision? decision, TaskAnswer refused) = await Tasks.AuthorizeAsync(caller, taskId, ask, CancellationToken.None);
        Assert.True(decision is not null, $"{refused.Refusal} {refused.Detail}");
        return decision;
    }

    /// <summary>A JWT-SVID as every SPIFFE client gets it; null when the caller is given none.</summary>
    public async Task<JwtSvid?> JwtAsync(Caller? caller = null, string audience = "repo-api")
    {
        if ((await Issuance.Service.AdmitAsync(caller ?? Self, CancellationToken.None)).Lease is not { } lease) return null;
        using (lease) return lease.Jwt(AudienceSet.TryCreate([audience], out _)!, null) is [var only] ? only.Svid : null;
    }

    /// <summary>The claims of a token, without looking at its signature.</summary>
    public static JsonElement ClaimsOf(string token) => JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement;

    /// <summary>What was written down, of one kind.</summary>
    public TaskEntry[] Written(TaskEntryKind kind) => [.. Issuance.Journal.Entries.Where(entry => entry.Kind == kind)];

    public TaskView Now(TaskView task) => Tasks.Get(task.Id.ToString())!;

    /// <summary>For what is done in the background: waits until it is seen, and fails when it is not for long.</summary>
    public static async Task UntilAsync(Func<bool> seen)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!seen()) await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
    }

    public static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public void Dispose() => Issuance.Dispose();
}
