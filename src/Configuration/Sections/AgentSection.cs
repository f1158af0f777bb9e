using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary>The top of the file.</summary>
internal static class AgentSection
{
    /// <summary>The options, or null without a trust domain. Complete only when nothing was found at fault.</summary>
    public static AgentOptions? Read(Section file)
    {
        TrustDomain? trustDomain = ReadTrustDomain(file);
        SocketsOptions sockets = SocketsSection.Read(file.Child("sockets"));
        AuthorityOptions authority = AuthoritySection.Read(file.Child("authority"), trustDomain);
        AttestorsOptions attestors = AttestorsSection.Read(file.Child("attestors"));
        SvidTtlRule ttls = new(authority.CaTtl);
        ImmutableArray<Entry> entries = new EntriesSection(trustDomain, ttls, attestors).Read(file);
        KeptEntries? kept = EntriesFileSection.ReadPath(file) is { } path ? ReadKept(path, new EntriesSection(trustDomain, ttls, attestors, EntryOrigin.Admin), entries, file.Faults) : null;
        WorkloadApiOptions workloadApi = WorkloadApiSection.Read(file.Child("workload_api"));
        LimitsOptions limits = LimitsSection.Read(file.Child("limits"));
        LogOptions log = LogSection.Read(file.Child("log"));
        TasksOptions tasks = TasksSection.Read(file.Child("tasks"), trustDomain);
        ImmutableArray<TaskTemplate> templates = new TemplatesSection(trustDomain, ttls, attestors, tasks).Read(file, [.. entries, .. kept?.Entries ?? []]);
        (TaskPolicies policies, ImmutableArray<PolicySource> sources) = PoliciesSection.Read(file);
        AuditOptions? audit = AuditSection.Read(file);
        file.RefuseUnknownKeys();
        if (trustDomain is null) return null;
        return new AgentOptions
        {
            TrustDomain = trustDomain,
            Sockets = sockets,
            Authority = authority,
            Entries = entries,
            Kept = kept,
            Templates = new TemplateSnapshot(templates, tasks.Ceiling),
            Policies = policies,
            PolicySources = sources,
            Tasks = tasks,
            Attestors = attestors,
            WorkloadApi = workloadApi,
            Limits = limits,
            Audit = audit,
            Log = log,
        };
    }

    private static KeptEntries ReadKept(string path, EntriesSection section, ImmutableArray<Entry> entries, FaultList faults)
    {
        FaultList own = new(path);
        faults.Include(own);
        return EntriesFileSection.Read(path, section, entries, own);
    }

    private static TrustDomain? ReadTrustDomain(Section file)
    {
        const string Remedy = "write the bare name, such as example.org: 1 to 255 characters of [a-z0-9._-] (SPIFFE-ID §2.1)";
        if (file.IsBroken || file.Required("trust_domain", Remedy) is not { } value) return null;
        if (TrustDomain.TryParse(value.Text, out TrustDomain? domain, out SpiffeIdRule broken)) return domain;
        value.Fault($"is not a trust domain ({broken})", Remedy);
        return null;
    }
}
