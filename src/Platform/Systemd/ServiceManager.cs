using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Platform.Systemd;

/// <summary>What a service tells systemd (sd_notify) and inherits from it (socket activation). Does nothing when not started by systemd.</summary>
/// <remarks>The variables are read once and taken out of the environment, so that no child process takes them for its own.</remarks>
public sealed class ServiceManager : IDisposable
{
    /// <summary>First inherited descriptor. sd_listen_fds(3).</summary>
    private const int FirstInherited = 3;

    private readonly Socket? _notify;
    private readonly UnixDomainSocketEndPoint? _address;
    private readonly Dictionary<string, int> _inherited;

    private ServiceManager(UnixDomainSocketEndPoint? address, TimeSpan? watchdog, Dictionary<string, int> inherited)
    {
        _address = address;
        _notify = address is null ? null : new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        WatchdogInterval = watchdog / 2;
        _inherited = inherited;
    }

    /// <summary>How often <see cref="Alive"/> is due: half of what the unit's WatchdogSec= allows, as sd_watchdog_enabled(3) advises. Null: no watchdog.</summary>
    public TimeSpan? WatchdogInterval { get; }

    /// <summary>A listening socket passed by a .socket unit, by its FileDescriptorName=; null when there is none. The caller owns it.</summary>
    public SafeFileHandle? TakeInherited(string name) => _inherited.Remove(name, out int descriptor) ? new SafeFileHandle(descriptor, ownsHandle: true) : null;

    /// <summary>Reads NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID, LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES.</summary>
    public static ServiceManager FromEnvironment()
    {
        string? socket = Take("NOTIFY_SOCKET");
        string? watchdogMicroseconds = Take("WATCHDOG_USEC");
        bool watchdogIsOurs = IsOurs(Take("WATCHDOG_PID"), whenAbsent: true);
        bool socketsAreOurs = IsOurs(Take("LISTEN_PID"), whenAbsent: false);
        string? count = Take("LISTEN_FDS");
        string? names = Take("LISTEN_FDNAMES");

        TimeSpan? watchdog = watchdogIsOurs && long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
        return new ServiceManager(Address(socket), watchdog, socketsAreOurs ? Inherited(count, names) : []);
    }

    /// <summary>The sockets answer: units ordered after this one may start.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    /// <summary>The stop has begun.</summary>
    public void Stopping() => Send("STOPPING=1\nSTATUS=stopping");

    /// <summary>Proof of life for the watchdog.</summary>
    public void Alive() => Send("WATCHDOG=1");

    public void Dispose() => _notify?.Dispose();

    private void Send(string message)
    {
        if (_notify is null) return;
        try
        {
            _notify.SendTo(Encoding.UTF8.GetBytes(message), _address!);
        }
        catch (SocketException)
        {
            // systemd is restarting or gone: the next message may arrive, and the watchdog is its own judge.
        }
    }

    private static UnixDomainSocketEndPoint? Address(string? socket) => socket switch
    {
        null or "" => null,
        ['@', .. string name] => new UnixDomainSocketEndPoint("\0" + name),
        ['/', ..] => new UnixDomainSocketEndPoint(socket),
        _ => null,
    };

    private static Dictionary<string, int> Inherited(string? count, string? names)
    {
        Dictionary<string, int> sockets = new(StringComparer.Ordinal);
        string[] named = names?.Split(':') ?? [];
        int passed = int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? Math.Min(n, 16) : 0;
        for (int i = 0; i < passed; i++) sockets.TryAdd(i < named.Length ? named[i] : "unknown", FirstInherited + i);
        return sockets;
    }

    private static bool IsOurs(string? processId, bool whenAbsent) =>
        processId is null ? whenAbsent : int.TryParse(processId, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid == Environment.ProcessId;

    private static string? Take(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        if (value is not null) Environment.SetEnvironmentVariable(name, null);
        return value;
    }
}
