using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Spiffe.Agent.Tests.Integration.Rpc;

/// <summary>An HTTP/2 client that writes whatever frames it is told to, valid or not.</summary>
internal sealed class RawHttp2(Socket socket) : IDisposable
{
    public const byte Data = 0, Headers = 1, RstStream = 3, Settings = 4, GoAway = 7, WindowUpdate = 8, Continuation = 9;
    public const byte EndStream = 1, Ack = 1, EndHeaders = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>Preface and empty SETTINGS.</summary>
    public async Task GreetAsync()
    {
        await WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await WriteAsync(Frame(Settings, 0, 0, []));
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Writes until the other side has closed, at most so often; how often it succeeded.</summary>
    public async Task<int> WriteUntilClosedAsync(Func<int, byte[]> frames, int times)
    {
        for (int i = 0; i < times; i++)
        {
            try
            {
                await _stream.WriteAsync(frames(i));
            }
            catch (IOException)
            {
                return i;
            }
        }

        return times;
    }

    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)(payload.Length & 0xffff));
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    /// <summary>Header fields as HPACK literals without indexing.</summary>
    public static byte[] Block(params (string Name, string Value)[] fields)
    {
        List<byte> block = [];
        foreach ((string name, string value) in fields)
        {
            block.Add(0);
            AddText(block, name);
            AddText(block, value);
        }

        return [.. block];
    }

    /// <summary>HEADERS of a gRPC request.</summary>
    public static byte[] Request(int stream, string path, bool endStream = false, params (string Name, string Value)[] more) =>
        Frame(Headers, (byte)(EndHeaders | (endStream ? EndStream : 0)), stream, RequestBlock(path, more));

    public static byte[] RequestBlock(string path, params (string Name, string Value)[] more) =>
        Block([(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers"), .. more]);

    /// <summary>The next frame; null once the connection is closed.</summary>
    public async Task<(byte Type, byte Flags, int Stream, byte[] Payload)?> ReadAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        byte[] head = new byte[9];
        try
        {
            await _stream.ReadExactlyAsync(head, patience.Token);
            byte[] payload = new byte[(head[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(1))];
            await _stream.ReadExactlyAsync(payload, patience.Token);
            return (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Reads on to a frame of this type; null when the connection is closed before.</summary>
    public async Task<(byte Type, byte Flags, int Stream, byte[] Payload)?> ReadToAsync(byte type)
    {
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type == type) return frame;
        }

        return null;
    }

    /// <summary>Reads on until the connection is closed; the error code of the GOAWAY before, -1 without one.</summary>
    public async Task<int> ReadToEndAsync()
    {
        int error = -1;
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type == GoAway) error = BinaryPrimitives.ReadInt32BigEndian(frame.Payload.AsSpan(4));
        }

        return error;
    }

    public void Dispose() => _stream.Dispose();

    private static void AddText(List<byte> block, string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        if (bytes.Length < 127)
        {
            block.Add((byte)bytes.Length);
        }
        else
        {
            block.Add(127);
            int rest = bytes.Length - 127;
            for (; rest >= 128; rest >>= 7) block.Add((byte)((rest & 127) | 128));
            block.Add((byte)rest);
        }

        block.AddRange(bytes);
    }
}
