using System.Globalization;
using System.Net.Sockets;

namespace Spiffe.Agent.Attestation.DBus;

/// <summary>One connection to the bus, for many callers at once: calls are written as they come, and each gets the answer with its serial from the one it asked.</summary>
/// <remarks><para>Any user may send us signals, of any size and with descriptors: what is no answer is passed over without being kept or parsed, and descriptors are
/// never installed, since nothing here receives ancillary data (the kernel closes them).</para>
/// <para>A call without an answer ends alone, after the limit, and retires the connection: new calls go over another one, and who still waits on this may wait
/// on. It is closed when nobody does.</para></remarks>
internal sealed class BusConnection
{
    /// <summary>Longest answer, in bytes. Ours: a path and a string of at most 4096 each, with room to spare.</summary>
    internal const int MaxAnswer = 128 << 10;

    private readonly Socket _socket;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new(); // guards the four below, and the order of writes
    private readonly Dictionary<uint, Pending> _pending = [];
    private DBusException? _failure;
    private bool _retired;
    private uint _lastSerial;

    private BusConnection(Socket socket, bool passesDescriptors, TimeSpan limit, TimeProvider clock)
    {
        _socket = socket;
        _limit = limit;
        _clock = clock;
        PassesDescriptors = passesDescriptors;
    }

    /// <summary>Whether a call may bring a descriptor.</summary>
    internal bool PassesDescriptors { get; }

    /// <summary>Whether new calls may go this way.</summary>
    internal bool IsUsable
    {
        get
        {
            lock (_gate) return _failure is null && !_retired;
        }
    }

    /// <summary>Connects, lets itself in and says Hello.</summary>
    /// <exception cref="DBusException">Not within the token's time, or not trusted, or not D-Bus.</exception>
    internal static async Task<BusConnection> OpenAsync(string path, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        Socket socket = await BusSocket.ConnectAsync(path, cancellationToken);
        BusConnection connection;
        try
        {
            connection = new BusConnection(socket, await BusHandshake.RunAsync(socket, cancellationToken), limit, clock);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _ = connection.ReadAsync();
        try
        {
            _ = (await connection.CallAsync(MethodCall.ToBus("Hello"), cancellationToken)).ReadString();
            return connection;
        }
        catch
        {
            connection.Retire();
            throw;
        }
    }

    /// <summary>Asks, and waits for the answer for at most the limit.</summary>
    /// <exception cref="DBusException">There is none, or it is an error.</exception>
    /// <exception cref="OperationCanceledException">The token fired: nobody waits for the answer any more, and the connection is as good as before.</exception>
    internal async Task<Reply> CallAsync(MethodCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Pending pending = new(call.Destination);
        using CancellationTokenSource timer = new(_limit, _clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        uint serial = SendHeld(call, pending);
        try
        {
            Reply reply = await pending.Answer.Task.WaitAsync(either.Token);
            return reply.ErrorName is null ? reply : throw DBusException.Of(call, reply);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Retire();
            throw new DBusException(DBusFault.TimedOut, string.Create(CultureInfo.InvariantCulture, $"{call.Member}: no answer within {_limit.TotalSeconds} s"));
        }
        finally
        {
            Forget(serial);
        }
    }

    /// <summary>No new calls. Closes when nobody waits any more.</summary>
    internal void Retire()
    {
        lock (_gate)
        {
            _retired = true;
            if (_pending.Count == 0) _socket.Dispose();
        }
    }

    /// <summary>Sends with the descriptor held open. One that is closed already is its owner's mistake and no fault of the connection.</summary>
    private uint SendHeld(MethodCall call, Pending pending)
    {
        bool held = false;
        try
        {
            call.Descriptor?.DangerousAddRef(ref held);
            return Send(call, (int?)call.Descriptor?.DangerousGetHandle(), pending);
        }
        finally
        {
            if (held) call.Descriptor!.DangerousRelease();
        }
    }

    private uint Send(MethodCall call, int? descriptor, Pending pending)
    {
        lock (_gate)
        {
            if (_failure is not null) throw Again(_failure);
            do unchecked { _lastSerial++; } // After 2^32 calls the numbers start again, without 0.
            while (_lastSerial == 0 || _pending.ContainsKey(_lastSerial));
            try
            {
                BusWriter.Write(_socket, call.Write(_lastSerial), descriptor);
            }
            catch (Exception failure) when (failure is DBusException or ObjectDisposedException)
            {
                throw Again(Fail(new DBusException(DBusFault.Lost, failure.Message)));
            }

            _pending.Add(_lastSerial, pending);
            return _lastSerial;
        }
    }

    private void Forget(uint serial)
    {
        lock (_gate)
        {
            _pending.Remove(serial);
            if (_retired && _pending.Count == 0) _socket.Dispose();
        }
    }

    /// <summary>Reads until the end, whatever that is: the other side's bytes end this connection at worst.</summary>
    private async Task ReadAsync()
    {
        try
        {
            BusReader reader = new(_socket, MaxAnswer);
            while (true) Deliver(await reader.ReadAnswerAsync());
        }
        catch (DBusException failure)
        {
            Fail(failure);
        }
#pragma warning disable CA1031 // Nobody awaits this loop: whatever ends it must reach those who wait for answers.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(new DBusException(DBusFault.Lost, failure.Message));
        }
    }

    private void Deliver(Reply reply)
    {
        lock (_gate)
        {
            // Only whom was asked may answer; the bus itself may say that it cannot.
            if (!_pending.TryGetValue(reply.Serial, out Pending? pending)) return;
            if (reply.Sender != pending.Destination && !(reply.Sender == MethodCall.Bus && reply.ErrorName is not null)) return;
            _pending.Remove(reply.Serial);
            pending.Answer.TrySetResult(reply);
        }
    }

    private DBusException Fail(DBusException failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            foreach (Pending pending in _pending.Values) pending.Answer.TrySetException(Again(_failure));
            _pending.Clear();
            _socket.Dispose();
            return _failure;
        }
    }

    /// <summary>The same failure, for one more to throw.</summary>
    private static DBusException Again(DBusException failure) => new(failure.Fault, failure.Message);

    /// <summary>Somebody who waits for an answer.</summary>
    private sealed class Pending(string destination)
    {
        internal string Destination { get; } = destination;

        internal TaskCompletionSource<Reply> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
