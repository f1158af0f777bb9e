using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Spiffe.Agent.Rpc.Transport.Events;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Sending: one call takes all that is there; the loop is asked only when the peer is behind.</summary>
internal sealed partial class UnixConnection
{
    private readonly Readiness _writable = new();

    private async Task SendAsync()
    {
        PipeReader reader = _output.Reader;
        Exception? failure = null;
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync();
                if (result.IsCanceled || _ended != 0) break;
                ReadOnlySequence<byte> left = result.Buffer;
                int written = 0;
                while (!left.IsEmpty && (written = SegmentWriter.Write(_socket, left)) >= 0) left = left.Slice(written);
                reader.AdvanceTo(left.Start); // what is out is free again, also when the rest must wait
                if (written == -Errno.Again) await WaitUntilWritableAsync();
                else if (written < 0) throw new ConnectionResetException(Errno.Text(-written));
                else if (result.IsCompleted) break;
            }
        }
        catch (ConnectionResetException reset)
        {
            failure = reset;
        }
        finally
        {
            await reader.CompleteAsync(failure);
            End(failure is null ? null : new ConnectionAbortedException("the peer reads no more", failure));
        }
    }

    private ValueTask WaitUntilWritableAsync()
    {
        ValueTask wait = _writable.WaitAsync();
        _loop.Schedule(static self => ((UnixConnection)self!).BlockSending(), this);
        return wait;
    }

    private void BlockSending()
    {
        _sendBlocked = true;
        if (_ended == 0 && _registered) WatchWhatMatters();
        else Unblock();
    }

    private void Unblock()
    {
        _sendBlocked = false;
        if (_registered) WatchWhatMatters();
        _writable.Set(); // sending goes on here, on the loop's thread; it does not block
    }
}
