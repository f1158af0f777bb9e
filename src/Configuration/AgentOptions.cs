using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Configuration;

/// <summary>What the configuration said, with every default filled in: checked, complete, immutable.</summary>
public sealed class AgentOptions
{
    /// <summary><c>trust_domain</c>: the only trust domain whose identities are issued. Required.</summary>
    public required TrustDomain TrustDomain { get; init; }

    /// <summary><c>sockets</c>.</summary>
    public required SocketsOptions Sockets { get; init; }

    /// <summary><c>authority</c>.</summary>
    public required AuthorityOptions Authority { get; init; }

    /// <summary><c>entries</c>, as written: each grants another id or asks for other selectors than the rest.</summary>
    public required ImmutableArray<Entry> Entries { get; init; }

    /// <summary><c>entries_file</c>, and the entries in it; null when entries that are given over the admin socket are gone with the daemon.</summary>
    public KeptEntries? Kept { get; init; }

    /// <summary><c>templates</c>, in the order written, under <c>tasks.ceiling</c>. A standing one whose review date is over is in it and no longer to be served (<see cref="TaskTemplate.IsServedAt"/>).</summary>
    public required TemplateSnapshot Templates { get; init; }

    /// <summary><c>policies</c>, held against what policies may speak of; <see cref="TaskPolicies.BuiltIn"/> when none are written.</summary>
    public required TaskPolicies Policies { get; init; }

    /// <summary>The texts of <see cref="Policies"/>, each by its file, in the order written.</summary>
    public required ImmutableArray<PolicySource> PolicySources { get; init; }

    /// <summary><c>tasks</c>.</summary>
    public required TasksOptions Tasks { get; init; }

    /// <summary><c>attestors</c>.</summary>
    public required AttestorsOptions Attestors { get; init; }

    /// <summary><c>workload_api</c>.</summary>
    public required WorkloadApiOptions WorkloadApi { get; init; }

    /// <summary><c>limits</c>.</summary>
    public required LimitsOptions Limits { get; init; }

    /// <summary><c>audit</c>; null when no log is kept: then what is issued stands in the daemon's own log only.</summary>
    public AuditOptions? Audit { get; init; }

    /// <summary><c>log</c>.</summary>
    public required LogOptions Log { get; init; }
}
