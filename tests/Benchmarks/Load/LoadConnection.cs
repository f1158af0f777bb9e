using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Spiffe.Agent.Tests.Benchmarks.Load;

/// <summary>A client that costs next to nothing, so that what is measured is the server: blocking calls on one socket, requests that are encoded already,
/// and responses that are counted rather than read.</summary>
/// <remarks>One thread at a time. It takes every message to lie in one DATA frame, which holds for messages below 16 KiB, and fails loudly on a reset, a GOAWAY or an error.</remarks>
internal sealed class LoadConnection : IDisposable
{
    private const byte EndStream = 0x1;
    private const byte Acknowledge = 0x1;
    private const int ErrorCodeCancel = 8;
    private const int ResetLength = FrameHead.Length + sizeof(int);

    /// <summary>Bytes received before the window of the connection is opened again.</summary>
    private const int WindowStep = 1 << 26;

    private static readonly byte[] Preface = MakePreface();

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _in = new byte[256 * 1024];
    private readonly byte[] _out = new byte[256 * 1024];
    private int _start, _end, _queued, _consumed;
    private int _nextStream = 1;

    public LoadConnection(string path)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        Preface.CopyTo(_out, 0);
        _queued = Preface.Length; // Leaves with the first call: one write.
    }

    /// <summary>The last message, without its prefix. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> LastMessage { get; private set; }

    /// <summary>Called with the place of the message in each request before it leaves.</summary>
    public Action<Memory<byte>>? Personalize { get; init; }

    /// <summary>Makes that many calls, never more than <paramref name="workers"/> at a time.</summary>
    public void Run(CallTemplate call, CallEnd end, int calls, int workers)
    {
        int begun = Math.Min(calls, workers), done = 0, messages = 0;
        for (int i = 0; i < begun; i++) Begin(call);
        Flush();
        while (done < calls)
        {
            FrameHead frame = Next(out Memory<byte> payload);
            if (frame.Type == FrameType.Data && payload.Length > 0) messages++;
            bool ended = (frame.Flags & EndStream) != 0; // Next returns nothing but HEADERS and DATA.
            bool answered = end == CallEnd.Trailers ? ended : frame.Type == FrameType.Data && payload.Length > 0;
            if (ended && messages <= done) throw new RefusedException(Encoding.Latin1.GetString(payload.Span));
            if (answered)
            {
                done++;
                if (end == CallEnd.FirstMessage) Reset(frame.Stream);
                if (begun < calls)
                {
                    begun++;
                    Begin(call);
                }
            }

            if (_start == _end) Flush(); // Answers that came together are followed by requests that leave together.
        }

        Flush();
    }

    /// <summary>Begins that many calls and reads the first message of each; the calls stay open.</summary>
    public void Hold(CallTemplate call, int calls)
    {
        for (int i = 0; i < calls; i++) Begin(call);
        Flush();
        ReadMessages(calls);
    }

    /// <summary>Reads that many messages of calls that are open.</summary>
    public void ReadMessages(int count)
    {
        while (count > 0)
        {
            FrameHead frame = Next(out Memory<byte> payload);
            if (frame.Type == FrameType.Data && payload.Length > 0) count--;
            else if ((frame.Flags & EndStream) != 0) throw new RefusedException(Encoding.Latin1.GetString(payload.Span));
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Begin(CallTemplate call)
    {
        Reserve(call.Length);
        call.CopyTo(_out.AsSpan(_queued), _nextStream);
        Personalize?.Invoke(_out.AsMemory(_queued + call.MessageAt, call.Length - call.MessageAt));
        _queued += call.Length;
        _nextStream += 2;
    }

    private void Reset(int stream)
    {
        Reserve(ResetLength);
        FrameHead.Write(_out.AsSpan(_queued), sizeof(int), FrameType.Reset, 0, stream);
        BinaryPrimitives.WriteInt32BigEndian(_out.AsSpan(_queued + FrameHead.Length), ErrorCodeCancel);
        _queued += ResetLength;
    }

    private void Reserve(int bytes)
    {
        if (_queued + bytes > _out.Length) Flush();
    }

    private void Flush()
    {
        for (int sent = 0; sent < _queued;) sent += _socket.Send(_out.AsSpan(sent, _queued - sent));
        _queued = 0;
    }

    private FrameHead Next(out Memory<byte> payload)
    {
        while (true)
        {
            Fill(FrameHead.Length);
            FrameHead frame = FrameHead.Read(_in.AsSpan(_start));
            Fill(FrameHead.Length + frame.PayloadLength);
            payload = _in.AsMemory(_start + FrameHead.Length, frame.PayloadLength);
            _start += FrameHead.Length + frame.PayloadLength;
            switch (frame.Type)
            {
                case FrameType.Data:
                    Consume(frame.PayloadLength);
                    if (payload.Length > 0) LastMessage = payload[CallTemplate.MessagePrefix..];
                    return frame;
                case FrameType.Headers:
                    return frame;
                case FrameType.Settings or FrameType.Ping when (frame.Flags & Acknowledge) == 0:
                    Answer(frame.Type, payload.Span);
                    break;
                case FrameType.Reset or FrameType.GoAway:
                    throw new RefusedException($"{frame.Type} {Convert.ToHexString(payload.Span)}");
            }
        }
    }

    private void Answer(FrameType type, ReadOnlySpan<byte> payload)
    {
        int length = type == FrameType.Ping ? payload.Length : 0;
        Reserve(FrameHead.Length + length);
        FrameHead.Write(_out.AsSpan(_queued), length, type, Acknowledge, 0);
        payload[..length].CopyTo(_out.AsSpan(_queued + FrameHead.Length));
        _queued += FrameHead.Length + length;
    }

    private void Consume(int bytes)
    {
        _consumed += bytes;
        if (_consumed < WindowStep) return;
        Reserve(ResetLength);
        FrameHead.Write(_out.AsSpan(_queued), sizeof(int), FrameType.WindowUpdate, 0, 0);
        BinaryPrimitives.WriteInt32BigEndian(_out.AsSpan(_queued + FrameHead.Length), _consumed);
        _queued += ResetLength;
        _consumed = 0;
    }

    private void Fill(int bytes)
    {
        if (_end - _start >= bytes) return;
        if (_start == _end) _start = _end = 0;
        else if (_start + bytes > _in.Length)
        {
            _in.AsSpan(_start, _end - _start).CopyTo(_in);
            (_start, _end) = (0, _end - _start);
        }

        while (_end - _start < bytes)
        {
            if (_queued > 0) Flush();
            int read = _socket.Receive(_in.AsSpan(_end));
            if (read == 0) throw new RefusedException("the server closed the connection");
            _end += read;
        }
    }

    // The magic, SETTINGS (INITIAL_WINDOW_SIZE as large as it may be), and as much window for the connection.
    private static byte[] MakePreface()
    {
        byte[] magic = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
        byte[] bytes = new byte[magic.Length + FrameHead.Length + 6 + ResetLength];
        magic.CopyTo(bytes, 0);
        Span<byte> settings = bytes.AsSpan(magic.Length);
        FrameHead.Write(settings, 6, FrameType.Settings, 0, 0);
        BinaryPrimitives.WriteInt16BigEndian(settings[FrameHead.Length..], 4);
        BinaryPrimitives.WriteInt32BigEndian(settings[(FrameHead.Length + 2)..], int.MaxValue);
        Span<byte> window = settings[(FrameHead.Length + 6)..];
        FrameHead.Write(window, sizeof(int), FrameType.WindowUpdate, 0, 0);
        BinaryPrimitives.WriteInt32BigEndian(window[FrameHead.Length..], int.MaxValue - 65535);
        return bytes;
    }
}
