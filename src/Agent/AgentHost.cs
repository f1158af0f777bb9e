using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Configuration;
using Spiffe.Agent.Endpoints;
using Spiffe.Agent.Endpoints.Admin;
using Spiffe.Agent.Endpoints.StatusLists;
using Spiffe.Agent.Endpoints.Tasks;
using Spiffe.Agent.Endpoints.WorkloadApi;
using Spiffe.Agent.Platform.Hardening;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Inventory;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Health;
using Spiffe.Agent.Rpc.Reflection;
using Spiffe.Agent.Rpc.Transport;
using Spiffe.Agent.Platform.Systemd;
using static Spiffe.Agent.Rpc.Health.HealthCheckResponse.Types;

namespace Spiffe.Agent;

/// <summary>The daemon: builds every room once, opens the sockets first, serves until it is told to stop, and closes in the opposite order.</summary>
/// <param name="options">What the configuration said at the start.</param>
/// <param name="again">Reads it again, for SIGHUP; null where there is no file.</param>
/// <param name="systemd">Who started it.</param>
/// <param name="protections">What keeps keys inside.</param>
/// <param name="loggers">Where it writes.</param>
/// <param name="time">Clocks; timestamps count the time asleep.</param>
internal sealed partial class AgentHost(
    AgentOptions options, Func<LoadedConfiguration>? again, ServiceManager systemd, IReadOnlyList<Protection> protections, ILoggerFactory loggers, TimeProvider time)
{
    private readonly ILogger _log = loggers.CreateLogger<AgentHost>();

    /// <summary>Serves until <paramref name="stop"/> is cancelled.</summary>
    /// <param name="serving">Called once every call is answered.</param>
    /// <param name="stop">Ends the daemon in an orderly way.</param>
    /// <exception cref="UnixBindException">A socket cannot be made; the message has the place, the reason and the remedy.</exception>
    public async Task RunAsync(Action serving, CancellationToken stop)
    {
        foreach (Protection missing in protections.Where(p => !p.Holds)) LogProtection(missing.Name, missing.Detail);

        EntryStore entries = new(new EntrySnapshot([.. options.Entries, .. options.Kept?.Entries ?? [], .. StandingEntries.Of(options.Templates, options.TrustDomain, time.GetUtcNow())]));
        using UnixPeerTransportFactory transport = new(Map.Transport(options), time, loggers.CreateLogger<UnixPeerTransportFactory>());
        DaemonFacts facts = new(options, protections, transport, entries, time);
        Serving state = new();
        HealthService health = new();
        await using RpcServer server = Serve(transport, state, facts, Administration(entries, state), health);
        await server.StartAsync(stop);

        // The sockets answer "Unavailable" by now: what is slow comes after this line. What is declared first is closed last: the last entry of the log is that the daemon stops.
        await using HouseLog log = HouseLog.Open(Map.Audit(options), DaemonFacts.Version, time, loggers);
        log.Run?.Started(options.TrustDomain);
        log.Run?.Loaded(RulesOf(options), "start");
        using EmbeddedAuthority authority = new(Map.Authority(options), time);
        using AttestorSet attestors = new(Map.Attestation(options), time);
        using IssuanceService issuance = new(
            authority, entries, attestors.Workload, new ResponseEncoder(), Map.Issuance(options), Tasks(log), time, loggers.CreateLogger<IssuanceService>());
        await using StatusListServer? lists = Map.StatusLists(options) is { } listen ? new StatusListServer(state, listen, loggers, time) : null;
        if (lists is not null) await lists.StartAsync(stop);
        state.Begin(issuance);
        facts.Serving(authority);
        health.Set("", ServingStatus.Serving);
        foreach (string service in (string[])[WorkloadApiService.Name, TaskIdentityService.Name, TaskVerifierService.Name]) health.Set(service, ServingStatus.Serving);
        systemd.Ready($"serving {options.TrustDomain} on {options.Sockets.Workload.Path}");
        LogServing(options.TrustDomain, entries.Current.Count, options.Sockets.Workload.Path);
        serving();

        using PosixSignalRegistration? hangUp = again is null ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            Reload(again, issuance, entries, log.Run);
        });
        Housekeeping housekeeping = new(issuance, authority, entries, time, loggers.CreateLogger<Housekeeping>());
        try
        {
            await await Task.WhenAny(housekeeping.RunAsync(stop), issuance.Live.RunAsync(stop), WatchdogAsync(stop), log.RunAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogStopping();
            log.Run?.Stopping();
        }

        systemd.Stopping();
        facts.Stopping();
        health.SetAllNotServing();
        state.End();
        await server.StopAsync(CancellationToken.None);
        LogStopped();
    }

    /// <summary>Templates, policies and the ceiling are read anew; with a fault in the file everything stays as it is. The rest of the file counts from the next start.</summary>
    private void Reload(Func<LoadedConfiguration> again, IssuanceService issuance, EntryStore entries, RunRecorder? run)
    {
        LoadedConfiguration loaded = again();
        if (loaded.Options is not { } fresh)
        {
            LogNotReloaded(loaded.Faults.Length, loaded.Faults[0].ToString());
            run?.NotLoaded(loaded.Faults.Length, loaded.Faults[0].ToString());
            return;
        }

        entries.Change(current => new EntrySnapshot(
            [.. current.Entries.Where(entry => entry.Origin.Kind != EntryOriginKind.Template), .. StandingEntries.Of(fresh.Templates, options.TrustDomain, time.GetUtcNow())]));
        run?.Loaded(RulesOf(fresh), "reload"); // Before anything is decided by them.
        issuance.Tasks.Reload(new TaskRules(fresh.Templates, fresh.Policies));
        LogReloaded(fresh.Templates.All.Length, fresh.Policies.Count, fresh.Policies.Digest);
    }

    private static RulesInForce RulesOf(AgentOptions options) =>
        new(options.TrustDomain, options.Entries.Length + (options.Kept?.Entries.Length ?? 0), options.Templates, options.Policies, options.PolicySources);

    private TaskSetup Tasks(HouseLog log) => new()
    {
        Options = Map.Tasks(options),
        Rules = new TaskRules(options.Templates, options.Policies),
        Subjects = new SubjectVerifier(Map.Subjects(options), time, loggers.CreateLogger<SubjectVerifier>()),
        Journal = log.Journal,
        Log = log.Store is { } store ? new AuditInventoryLog(store) : null,
        Texts = log.Store is { } erasing ? new TextEraser(log.Journal, erasing, time) : null,
        SignReceipt = log.Store is { } signing ? AuditReceiptSigner.Of(signing) : null,
    };

    private EntryAdministration Administration(EntryStore entries, Serving state)
    {
        EntryBook book = new(entries, options.Kept is { } kept ? new EntriesFile(kept) : null, options.Limits.MaxAdminEntries);
        return new EntryAdministration(book, new EntryReader(options), options.TrustDomain, state, time, loggers.CreateLogger<EntryAdministration>());
    }

    private RpcServer Serve(UnixPeerTransportFactory transport, Serving state, DaemonFacts facts, EntryAdministration entries, HealthService health)
    {
        WorkloadApiProfiles profiles = Map.Profiles(options);
        RpcService[] workload =
        [
            new WorkloadApiService(state, profiles).Describe(),
            new TaskIdentityService(state, time).Describe(),
            new TaskVerifierService(state, profiles.AllowUnregisteredBundles).Describe(),
            health.Service,
        ];
        RpcService[] admin =
        [
            new AdminService(state, facts, entries).Describe(),
            new TaskAdministration(state, options.TrustDomain, time, loggers.CreateLogger<TaskAdministration>()).Describe(),
            health.Service,
        ];
        return new RpcServer(Map.Rpc(options), transport, loggers, time)
            .Listen(new RpcEndpoint
            {
                Address = new UnixListenEndPoint(Bind("workload", options.Sockets.Workload)),
                Services = [.. workload, .. ReflectionService.Create(workload)],
                Gate = SecurityHeader.Check,
            })
            .Listen(new RpcEndpoint
            {
                Address = new UnixListenEndPoint(Bind("admin", options.Sockets.Admin)),
                Services = [.. admin, .. ReflectionService.Create(admin)],
            });
    }

    /// <summary>A .socket unit passes its sockets by name; otherwise they are made here.</summary>
    private BoundUnixSocket Bind(string name, SocketOptions socket) =>
        systemd.TakeInherited(name) is { } inherited ? UnixSocketBinder.FromInherited(inherited) : UnixSocketBinder.Bind(Map.Socket(socket));

    /// <summary>Tells systemd that the daemon lives, from a pool thread: a starved pool is a dead daemon.</summary>
    private async Task WatchdogAsync(CancellationToken stop)
    {
        if (systemd.WatchdogInterval is not { } interval)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
            return;
        }

        using PeriodicTimer timer = new(interval, time);
        while (await timer.WaitForNextTickAsync(stop)) systemd.Alive();
    }
}
