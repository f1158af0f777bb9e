using System.Globalization;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Configuration;

/// <summary>What <c>run --dev</c> works with: trust domain <c>dev.local</c>, an identity of its own for every process of one user, and the task template <c>dev</c> for that user. For nobody else.</summary>
public static class DevelopmentConfiguration
{
    /// <summary>The options of <c>--dev</c>.</summary>
    /// <param name="directory">Where the sockets go.</param>
    /// <param name="uid">The user who starts the daemon.</param>
    /// <param name="userName">That user's name, or null where the machine knows none; processes are then named by number.</param>
    public static AgentOptions Create(string directory, uint uid, string? userName)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        TrustDomain domain = TrustDomain.Parse("dev.local");
        LoadedConfiguration defaults = ConfigurationLoader.Parse("trust_domain: dev.local", "--dev", _ => null);
        AgentOptions options = defaults.Options ?? throw new InvalidOperationException("the defaults are no configuration");
        Selector user = new("unix", string.Create(CultureInfo.InvariantCulture, $"uid:{uid}"));
        return new AgentOptions
        {
            TrustDomain = domain,
            Sockets = new SocketsOptions
            {
                Workload = At(directory, "workload.sock", options.Sockets.Workload.Mode),
                Admin = At(directory, "admin.sock", UnixFileMode.UserRead | UnixFileMode.UserWrite),
            },
            Authority = options.Authority,
            Entries = [new Entry(ProcessId(domain, userName), new SelectorSet([user]), EntryOrigin.Development)],
            Templates = new TemplateSnapshot([DevelopmentTemplate.Create(new SelectorSet([user]), uid, userName)], ceiling: null),
            Policies = options.Policies,
            PolicySources = [],
            Tasks = options.Tasks,
            Attestors = options.Attestors,
            WorkloadApi = options.WorkloadApi,
            Limits = options.Limits,
            Log = options.Log,
            Audit = new AuditOptions { Directory = Path.GetFullPath(Path.Combine(directory, "audit")) },
        };
    }

    private static SocketOptions At(string directory, string name, UnixFileMode mode) => new() { Path = Path.GetFullPath(Path.Combine(directory, name)), Mode = mode };

    private static IdTemplate ProcessId(TrustDomain domain, string? userName)
    {
        // A name that is no path segment would fill no placeholder and leave its user without identities.
        bool nameFits = userName is not null && SpiffeId.TryCreate(domain, "/user/" + userName, out _, out _) && !userName.Contains('/', StringComparison.Ordinal);
        string text = nameFits ? "/user/{unix:user}/process/{unix:pid}" : "/user/{unix:uid}/process/{unix:pid}";
        return IdTemplate.TryParse(text, domain, out IdTemplate? id, out string? fault) ? id : throw new InvalidOperationException(fault);
    }
}
