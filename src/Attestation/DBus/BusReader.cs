using System.Net.Sockets;

namespace Spiffe.Agent.Attestation.DBus;

/// <summary>Takes answers out of the stream of the bus; passes over everything else, unparsed and unkept, however long it is.</summary>
internal sealed class BusReader(Socket socket, int maxAnswer)
{
    private byte[] _buffer = new byte[4096];
    private int _filled;

    /// <summary>The next answer.</summary>
    /// <exception cref="DBusException">What came is not D-Bus, an answer is too long, or the connection has ended.</exception>
    internal async Task<Reply> ReadAnswerAsync()
    {
        while (true)
        {
            await FillAsync(MessagePrefix.Size);
            if (!MessagePrefix.TryParse(_buffer.AsSpan(0, _filled), out MessagePrefix prefix)) throw DBusException.Malformed("the bus sent something that is no message");
            if (prefix.Type is not (MessageType.MethodReturn or MessageType.Error))
            {
                await SkipAsync(prefix.TotalLength);
                continue;
            }

            if (prefix.TotalLength > maxAnswer) throw DBusException.Malformed($"the bus sent an answer of more than {maxAnswer} bytes");
            await FillAsync(prefix.TotalLength);
            bool good = Reply.TryParse(_buffer.AsSpan(0, prefix.TotalLength), prefix, out Reply? reply);
            Drop(prefix.TotalLength);
            return good ? reply! : throw DBusException.Malformed("the bus sent a malformed answer");
        }
    }

    /// <summary>Reads until so many bytes are there.</summary>
    private async Task FillAsync(int count)
    {
        if (_buffer.Length < count) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, count));
        while (_filled < count) _filled += await ReceiveAsync(_buffer.AsMemory(_filled));
    }

    private async Task SkipAsync(int count)
    {
        int left = count - Math.Min(count, _filled);
        Drop(Math.Min(count, _filled));
        while (left > 0)
        {
            int read = await ReceiveAsync(_buffer.AsMemory(0, Math.Min(left, _buffer.Length)));
            left -= read;
        }
    }

    private void Drop(int count)
    {
        _filled -= count;
        _buffer.AsSpan(count, _filled).CopyTo(_buffer);
    }

    private async Task<int> ReceiveAsync(Memory<byte> room)
    {
        int read = await socket.ReceiveAsync(room);
        return read > 0 ? read : throw new DBusException(DBusFault.Lost, "the bus ended the connection");
    }
}
