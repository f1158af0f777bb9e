using System.Globalization;

namespace Spiffe.Agent.Attestation.DBus;

/// <summary>A service of the bus for everybody who asks: one connection, made when it is needed, and another when that is of no more use.</summary>
/// <param name="socketPath">Where the bus listens.</param>
/// <param name="name">The service's name, such as <c>org.freedesktop.systemd1</c>.</param>
/// <param name="limit">Longest time to set up a connection, and for each answer.</param>
/// <param name="clock">Measures it.</param>
internal sealed class BusClient(string socketPath, string name, TimeSpan limit, TimeProvider clock)
{
    private readonly Lock _gate = new(); // guards both below
    private BusService? _service;
    private Task<BusService>? _opening;

    /// <summary>The service. All who wait for a new connection wait for the same one, each as long as it likes.</summary>
    /// <exception cref="DBusException">It cannot be asked.</exception>
    internal async ValueTask<BusService> ServiceAsync(CancellationToken cancellationToken)
    {
        Task<BusService> opening;
        lock (_gate)
        {
            if (_service is { Connection.IsUsable: true } ready) return ready;
            opening = _opening ??= Task.Run(OpenAsync, CancellationToken.None);
        }

        return await opening.WaitAsync(cancellationToken);
    }

    private async Task<BusService> OpenAsync()
    {
        using CancellationTokenSource timer = new(limit, clock);
        BusConnection? connection = null;
        try
        {
            connection = await BusConnection.OpenAsync(socketPath, limit, clock, timer.Token);
            BusService service = await BusService.FindAsync(connection, name, timer.Token);
            lock (_gate) _service = service;
            return service;
        }
        catch (Exception failure)
        {
            connection?.Retire();
            if (failure is not OperationCanceledException) throw;
            throw new DBusException(DBusFault.TimedOut, string.Create(CultureInfo.InvariantCulture, $"{socketPath}: not set up within {limit.TotalSeconds} s"));
        }
        finally
        {
            lock (_gate) _opening = null;
        }
    }
}
