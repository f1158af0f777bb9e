using Spiffe.Agent.Identity;

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
        EntriesSection entries = new(trustDomain, new SvidTtlRule(authority.CaTtl), attestors);
        var read = entries.Read(file);
        WorkloadApiOptions workloadApi = WorkloadApiSection.Read(file.Child("workload_api"));
        LimitsOptions limits = LimitsSection.Read(file.Child("limits"));
        LogOptions log = LogSection.Read(file.Child("log"));
        file.NotInThisVersion("audit", "remove the section: nothing is recorded yet");
        file.NotInThisVersion("templates", "remove the section: tasks come with a later version");
        file.NotInThisVersion("policies", "remove the section: no policy would be in force, and everything it forbids would be allowed");
        file.RefuseUnknownKeys();
        if (trustDomain is null) return null;
        return new AgentOptions
        {
            TrustDomain = trustDomain,
            Sockets = sockets,
            Authority = authority,
            Entries = read,
            Attestors = attestors,
            WorkloadApi = workloadApi,
            Limits = limits,
            Log = log,
        };
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
