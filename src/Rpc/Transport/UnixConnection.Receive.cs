using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Spiffe.Agent.Rpc.Transport.Events;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Receiving, all of it on the loop's thread.</summary>
internal sealed partial class UnixConnection : IEventHandler
{
    /// <summary>Bytes taken per turn, so that one busy peer does not keep the others waiting. Ours.</summary>
    private const int Turn = 64 * 1024;

    /// <summary>Least room for a read, in bytes; less than this is left unused at the end of a block. Ours.</summary>
    private const int LeastRoom = 1024;

    private readonly Action _onFlushed;
    private ValueTaskAwaiter<FlushResult> _flush;
    private ulong _token;
    private bool _registered;
    private bool _heldBack;
    private bool _inputEnded;
    private bool _sendBlocked;

    public void OnEvents(uint events)
    {
        const uint Input = Constants.EpollIn | Constants.EpollReadHangUp | Constants.EpollHangUp | Constants.EpollError;
        const uint Output = Constants.EpollOut | Constants.EpollHangUp | Constants.EpollError;
        try
        {
            if ((events & Input) != 0 && !_heldBack && !_inputEnded) Receive();
            if ((events & Output) != 0 && _sendBlocked) Unblock();
        }
        catch (Exception failure)
        {
            // Whatever it is, a pipe whose reader ended with a fault included: it ends this connection and no other.
            End(new ConnectionAbortedException(failure.Message, failure));
        }
    }

    private void BeginReceiving()
    {
        if (_ended != 0)
        {
            EndOnLoop();
            return;
        }

        try
        {
            _token = _loop.Add(_socket, Constants.EpollIn | Constants.EpollReadHangUp, this);
            _registered = true;
            _watch.Begin();
        }
        catch (IOException failure)
        {
            End(new ConnectionAbortedException(failure.Message, failure));
        }
    }

    private void Receive()
    {
        int total = 0;
        while (total < Turn)
        {
            Memory<byte> room = _input.Writer.GetMemory(LeastRoom);
            int read = SegmentReader.Read(_socket, room.Span, out int writer, out bool descriptorsPassed);
            if (read == -Errno.Again) break;
            if (read <= 0)
            {
                EndInput(read == 0 ? null : new ConnectionResetException(Errno.Text(-read)));
                return;
            }

            // The order is the proof. The bytes are here; if the connector lives now, its pid has been its own all the while, so the pid on the stamp is the connector.
            if (descriptorsPassed) Reject(PeerRejection.DescriptorsPassed);
            else if (writer != _peer.ProcessId) Reject(PeerRejection.ForeignSegment, writer);
            else if (_peer.PidFd is not null && PeerReader.HasExited(_peer.PidFd)) Reject(PeerRejection.PeerExited);
            if (_ended != 0) return; // not advanced: the parser never sees these bytes

            _input.Writer.Advance(read);
            total += read;
            if (read < room.Length) break;
        }

        if (total > 0) HandOver(_input.Writer.FlushAsync());
    }

    private void HandOver(ValueTask<FlushResult> flush)
    {
        if (flush.IsCompletedSuccessfully)
        {
            if (flush.Result.IsCompleted) EndInput(null);
            return;
        }

        // The application is behind: nothing is read until it has caught up.
        _heldBack = true;
        WatchWhatMatters();
        _flush = flush.GetAwaiter();
        _flush.UnsafeOnCompleted(_onFlushed);
    }

    /// <summary>The application has caught up. The pipe calls this on the loop's thread.</summary>
    private void OnFlushed()
    {
        bool readerGone = ReaderIsGone(_flush);
        _flush = default;
        _heldBack = false;
        if (_inputEnded) return;
        if (readerGone) EndInput(null);
        else WatchWhatMatters();
    }

    /// <summary>A reader that ended with a fault throws it at whoever writes next.</summary>
    private static bool ReaderIsGone(ValueTaskAwaiter<FlushResult> flush)
    {
        try
        {
            return flush.GetResult().IsCompleted;
        }
        catch (Exception)
        {
            return true;
        }
    }

    /// <summary>The peer sends no more, or the application reads no more. Writing may go on.</summary>
    private void EndInput(Exception? reason)
    {
        if (_inputEnded) return;
        _inputEnded = true;
        // After End the socket reads as closed before the loop hears why: the reason counts, not how it shows.
        _input.Writer.Complete(_reason is null ? reason : ReferenceEquals(_reason, Graceful) ? null : _reason);
        WatchWhatMatters();
        FireClosed();
    }

    /// <summary>Level-triggered for what is wanted. With nothing wanted, edge-triggered: a hang-up, which cannot be masked, then shows once and not for ever.</summary>
    private void WatchWhatMatters()
    {
        if (!_registered) return;
        uint events = (_heldBack || _inputEnded ? 0 : Constants.EpollIn | Constants.EpollReadHangUp) | (_sendBlocked ? Constants.EpollOut : 0);
        bool wantsInput = (events & Constants.EpollIn) != 0;
        _loop.Modify(_token, _socket, wantsInput ? events : events | Constants.EpollEdge);
    }

    /// <summary>Runs on the thread pool: the callbacks are the application's.</summary>
    private void FireClosed() => ThreadPool.UnsafeQueueUserWorkItem(static self => self.TellClosed(), this, preferLocal: false);

    /// <summary>A callback that throws is a bug of whoever registered it, and no reason to end the daemon.</summary>
    private void TellClosed()
    {
        try
        {
            _closed.Cancel();
        }
        catch (AggregateException fault)
        {
            Log.HandlerFailed(_log, fault);
        }
    }
}
