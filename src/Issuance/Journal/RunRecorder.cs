using System.Globalization;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Journal;

/// <summary>Writes down that the daemon runs and by which rules, and in the end that it stops. docs/audit.md has the table.</summary>
public sealed class RunRecorder(IAuditLog log, string version, TimeProvider time) : IAsyncDisposable
{
    private string _cause = "a fault";

    /// <summary>The first entry of a run.</summary>
    public void Started(TrustDomain trustDomain) => Write(RecordTypes.DaemonStarted, new RecordFields()
        .Add("version", version)
        .Add("trust_domain", trustDomain.Name)
        .Add(RecordNames.Process, string.Create(CultureInfo.InvariantCulture, $"pid {Environment.ProcessId}"))
        .Add("boot_id", ProcessIdentity.CurrentBoot.ToString()));

    /// <summary>By which policies and templates, and with which exceptions: every decision from here on rests on them.</summary>
    /// <param name="rules">What is in force from here on.</param>
    /// <param name="trigger"><c>start</c> or <c>reload</c>.</param>
    public void Loaded(RulesInForce rules, string trigger)
    {
        PolicyRecords.Write(rules, Write);
        foreach (TaskTemplate template in rules.Templates.All) Write(RecordTypes.TemplateLoaded, Template(template));
        foreach (TaskTemplate standing in rules.Templates.All.Where(static template => template.Class == TemplateClass.Persistent)) Write(RecordTypes.StandingAccess, Standing(standing, rules.TrustDomain));
        Write(RecordTypes.ConfigurationLoaded, new RecordFields()
            .Add(RecordNames.Trigger, trigger)
            .Add("entries", rules.Entries)
            .Add("templates", rules.Templates.All.Length)
            .Add(RecordNames.PolicyDigest, rules.Policies.Digest));
    }

    /// <summary>A configuration with faults was read, and everything stays as it is.</summary>
    public void NotLoaded(int faults, string first) => Write(RecordTypes.ConfigurationRefused, new RecordFields().Add(RecordNames.Trigger, "reload").Add("faults", faults), first);

    /// <summary>It was told to stop.</summary>
    public void Stopping() => _cause = "it was told to";

    /// <summary>The last entry of a run.</summary>
    public async ValueTask DisposeAsync()
    {
        Write(RecordTypes.DaemonStopped, new RecordFields().Add(RecordNames.Cause, _cause));
        await log.SettleAsync(CancellationToken.None);
    }

    private RecordFields Standing(TaskTemplate template, TrustDomain trustDomain) => new RecordFields()
        .Add(RecordNames.Template, template.Name)
        .Add(RecordNames.Id, TaskSpiffeId.OfService(trustDomain, template.Name).ToString())
        .Add(RecordNames.Owner, template.Owner)
        .Add(RecordNames.Cause, template.Reason)
        .Add("review_by", template.ReviewBy?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
        .Add(RecordNames.State, template.IsServedAt(time.GetUtcNow()) ? "standing" : "overdue");

    private static RecordFields Template(TaskTemplate template) => new RecordFields()
        .Add(RecordNames.Template, template.Name)
        .Add(RecordNames.Owner, template.Owner)
        .Add("class", template.Class == TemplateClass.Persistent ? "persistent" : "task")
        .AddCanonical(RecordNames.Grants, template.Ceiling.CanonicalMemory);

    private void Write(string type, RecordFields data) => Write(type, data, null);

    private void Write(string type, RecordFields data, string? body) => log.TryAppend(new AuditRecord(type, time.GetUtcNow(), data) { Body = body, IsOwed = true });
}
