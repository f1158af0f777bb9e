using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.DBus;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Attestors.Systemd;

/// <summary>Asks systemd on the system bus which unit a process belongs to, and about that unit. org.freedesktop.systemd1(5).</summary>
/// <remarks><para>The process is named by its pidfd where systemd can take one, else by its number: attestation ends with a look at the pidfd, and if the process
/// lives then, the number was its own all the while.</para>
/// <para>The answer is remembered by the process's cgroup for a moment: systemd itself answers from the cgroup of the process and nothing else.</para></remarks>
internal sealed class ServiceManager(SystemdOptions options, TimeProvider clock)
{
    internal const string Name = "org.freedesktop.systemd1";

    private const string ManagerPath = "/org/freedesktop/systemd1";
    private const string UnitPaths = "/org/freedesktop/systemd1/unit/";
    private const string ManagerInterface = "org.freedesktop.systemd1.Manager";
    private const string UnitInterface = "org.freedesktop.systemd1.Unit";
    private const string Properties = "org.freedesktop.DBus.Properties";
    private const string NoUnitForProcess = "org.freedesktop.systemd1.NoUnitForPID";
    private const string NoSuchProcess = "org.freedesktop.systemd1.NoSuchProcess";

    private readonly BusClient _bus = new(options.BusSocket, Name, options.AnswerLimit, clock);
    private readonly Slots _slots = new(options.MaxConcurrent);
    private readonly LeastRecentlyUsed<string, (UnitFacts Facts, long AskedAt)> _remembered = new(options.MaxRemembered);
    private BusService? _withoutPidFds;

    /// <summary>The unit that systemd says the process belongs to; null when it says that there is none.</summary>
    /// <param name="peer">The process.</param>
    /// <param name="cgroup">Where the kernel says it is.</param>
    /// <param name="kind">Kind of the unit that its cgroup names: the property with the unit's own cgroup is in an interface of that kind.</param>
    /// <param name="invocation">Whether the unit's invocation is needed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DBusException">systemd cannot be asked, or its answer is no answer.</exception>
    internal async ValueTask<UnitFacts?> UnitOfAsync(PeerProcess peer, string cgroup, string kind, bool invocation, CancellationToken cancellationToken)
    {
        if (!invocation && Remembered(cgroup) is { } known) return known;
        await _slots.TakeAsync(cancellationToken);
        try
        {
            if (!invocation && Remembered(cgroup) is { } learnt) return learnt; // While this waited for its turn.
            long now = clock.GetTimestamp();
            UnitFacts? facts = await AskTwiceAsync(peer, kind, invocation, cancellationToken);
            if (facts is not null) _remembered.Set(cgroup, (facts, now));
            return facts;
        }
        finally
        {
            _slots.Give();
        }
    }

    private UnitFacts? Remembered(string cgroup) =>
        _remembered.TryGet(cgroup, out (UnitFacts Facts, long AskedAt) known) && clock.GetElapsedTime(known.AskedAt) < options.RememberedFor ? known.Facts : null;

    /// <summary>A connection that was lost may have been lost long ago, with the bus or systemd started anew since.</summary>
    private async Task<UnitFacts?> AskTwiceAsync(PeerProcess peer, string kind, bool invocation, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(await _bus.ServiceAsync(cancellationToken), peer, kind, invocation, cancellationToken);
        }
        catch (DBusException lost) when (lost.Fault == DBusFault.Lost)
        {
            return await AskAsync(await _bus.ServiceAsync(cancellationToken), peer, kind, invocation, cancellationToken);
        }
    }

    private async Task<UnitFacts?> AskAsync(BusService systemd, PeerProcess peer, string kind, bool invocation, CancellationToken cancellationToken)
    {
        string unit;
        try
        {
            unit = await UnitPathAsync(systemd, peer, cancellationToken);
        }
        catch (DBusException none) when (none.ErrorName is NoUnitForProcess or NoSuchProcess)
        {
            return null;
        }

        // All are asked before any is waited for, and all are waited for even if one fails.
        Task<Reply> id = Get(UnitInterface, "Id"), fragment = Get(UnitInterface, "FragmentPath");
        Task<Reply> cgroup = Get($"org.freedesktop.systemd1.{char.ToUpperInvariant(kind[0])}{kind[1..]}", "ControlGroup");
        Task<Reply>? run = invocation ? Get(UnitInterface, "InvocationID") : null;
        await Task.WhenAll(run is null ? [id, fragment, cgroup] : [id, fragment, cgroup, run]);
        return new UnitFacts(
            (await id).ReadVariantString(), (await fragment).ReadVariantString(), (await cgroup).ReadVariantString(), run is null ? [] : (await run).ReadVariantBytes());

        Task<Reply> Get(string @interface, string property) =>
            systemd.CallAsync(unit, Properties, "Get", call => call with { Texts = [@interface, property] }, cancellationToken);
    }

    /// <summary>The object that is the process's unit.</summary>
    private async Task<string> UnitPathAsync(BusService systemd, PeerProcess peer, CancellationToken cancellationToken)
    {
        string? path = null;
        if (peer.PidFd is { } pidFd && systemd.Connection.PassesDescriptors && !ReferenceEquals(systemd, _withoutPidFds))
        {
            try
            {
                (path, _, _) = (await systemd.CallAsync(ManagerPath, ManagerInterface, "GetUnitByPIDFD", call => call with { Descriptor = pidFd }, cancellationToken)).ReadPathStringBytes();
            }
            catch (DBusException older) when (older.ErrorName is ErrorNames.UnknownMethod or ErrorNames.AccessDenied)
            {
                _withoutPidFds = systemd; // The bus's own policy of an older systemd names the methods that may be called, and not this one.
            }
        }

        path ??= (await systemd.CallAsync(ManagerPath, ManagerInterface, "GetUnitByPID", call => call with { Number = (uint)peer.ProcessId }, cancellationToken)).ReadObjectPath();
        return path.StartsWith(UnitPaths, StringComparison.Ordinal) ? path : throw DBusException.Malformed($"{Name} answered with an object that is no unit");
    }
}
