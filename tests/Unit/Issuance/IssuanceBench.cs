using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Endpoints.WorkloadApi;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Templates;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Unit.Issuance;

/// <summary>Issuance with its real neighbours – authority, attestor, entries, encoder – on a clock moved by hand; the caller is this very process.</summary>
internal sealed class IssuanceBench : IDisposable
{
    public static readonly TrustDomain Domain = TrustDomain.Parse("example.org");

    public IssuanceBench(params Entry[] entries)
        : this([], entries)
    {
    }

    /// <param name="services">Attestors beside the real one of <c>unix</c>.</param>
    /// <param name="entries">What the operator has written.</param>
    public IssuanceBench(IAttestor[] services, params Entry[] entries)
        : this(services, null, entries)
    {
    }

    /// <param name="services">Attestors beside the real one of <c>unix</c>.</param>
    /// <param name="tasks">Templates and policies; null: none.</param>
    /// <param name="entries">What the operator has written.</param>
    public IssuanceBench(IAttestor[] services, TaskRules? tasks, params Entry[] entries)
        : this(new IssuanceParts { Services = services, Tasks = tasks }, entries)
    {
    }

    /// <param name="parts">What is other than usual.</param>
    /// <param name="entries">What the operator has written.</param>
    public IssuanceBench(IssuanceParts parts, params Entry[] entries)
    {
        Entries = new EntryStore(new EntrySnapshot(entries));
        Authority = new EmbeddedAuthority(new AuthorityOptions { TrustDomain = Domain }, Time);
        AttestationOptions attestation = new();
        Service = new IssuanceService(
            Authority,
            Entries,
            new WorkloadAttestor([new UnixAttestor(attestation, Time), .. parts.Services], attestation, Time),
            new ResponseEncoder(),
            new IssuanceOptions { RequestsPerSecondPerUser = Rate, RequestBurstPerUser = Rate, JwtLeeway = TimeSpan.FromMinutes(1), Revocation = parts.Revocation },
            new TaskSetup
            {
                Options = parts.Options,
                Rules = parts.Tasks ?? new TaskRules(TemplateSnapshot.Empty, TaskPolicies.BuiltIn),
                Subjects = new SubjectVerifier(parts.Subjects, Time, NullLogger<SubjectVerifier>.Instance),
                Journal = Journal,
                Log = parts.Log,
                SignReceipt = parts.Sign,
            },
            Time,
            NullLogger<IssuanceService>.Instance);
        Housekeeping = new Housekeeping(Service, Authority, Entries, Time, NullLogger<Housekeeping>.Instance);
        Self = Caller.Open(Environment.ProcessId, UserId, GroupId, null);
    }

    public const int Rate = 100;

    public static RevocationOptions Revocation { get; } = new() { StatusListUri = "https://node.example.org/status" };

    public static uint UserId { get; } = Environment.IsPrivilegedProcess ? 0 : uint.Parse(Id("-u"), CultureInfo.InvariantCulture);

    public static uint GroupId { get; } = uint.Parse(Id("-g"), CultureInfo.InvariantCulture);

    public ManualTime Time { get; } = new();

    /// <summary>What was written down of tasks.</summary>
    public RecordingJournal Journal { get; } = new();

    public EntryStore Entries { get; }

    public EmbeddedAuthority Authority { get; }

    public IssuanceService Service { get; }

    public Housekeeping Housekeeping { get; }

    /// <summary>This process as a caller.</summary>
    public Caller Self { get; }

    /// <summary>An entry that this process satisfies.</summary>
    public static Entry Mine(string path, string? hint = null, int priority = 0, TimeSpan? x509Ttl = null) =>
        For(string.Create(CultureInfo.InvariantCulture, $"unix:uid:{UserId}"), path, hint, priority, x509Ttl);

    public static Entry For(string selector, string path, string? hint = null, int priority = 0, TimeSpan? x509Ttl = null)
    {
        Assert.True(IdTemplate.TryParse(path, Domain, out IdTemplate? id, out _));
        IEnumerable<Selector> selectors = selector.Split(' ').Select(text => Selector.TryParse(text, out Selector parsed, out string? fault) ? parsed : throw new ArgumentException(fault));
        return new Entry(id, new SelectorSet(selectors), EntryOrigin.Admin) { Hint = hint, Priority = priority, X509Ttl = x509Ttl };
    }

    public async Task<WorkloadLease> AdmitAsync()
    {
        Admitted admitted = await Service.AdmitAsync(Self, CancellationToken.None);
        Assert.Equal(Refusal.None, admitted.Refusal);
        return admitted.Lease!;
    }

    /// <summary>The paths that the lease is entitled to now; none when nothing may be said of the caller.</summary>
    public static string[] Paths(WorkloadLease lease) =>
        lease.IsEntitled ? [.. X509(lease).Response.Svids.Select(s => s.SpiffeId["spiffe://example.org".Length..])] : [];

    /// <summary>The X.509 answer as a client would read it, and its version.</summary>
    public static (X509SVIDResponse Response, long Version) X509(WorkloadLease lease)
    {
        Shared<Answer> answer = Assert.IsType<Shared<Answer>>(lease.HoldX509());
        try
        {
            return (X509SVIDResponse.Parser.ParseFrom(answer.Value.Block.Span[EncodedMessage.PrefixLength..]), answer.Value.Version);
        }
        finally
        {
            answer.Release();
        }
    }

    public void Dispose()
    {
        Self.Dispose();
        Service.Dispose();
        Authority.Dispose();
    }

    private static string Id(string option)
    {
        using System.Diagnostics.Process id = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("id", option) { RedirectStandardOutput = true })!;
        return id.StandardOutput.ReadToEnd().Trim();
    }
}
