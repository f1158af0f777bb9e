using System.Runtime.InteropServices;

namespace Spiffe.Agent.Attestation.Peer;

/// <summary>The wire form of the process event connector: struct nlmsghdr, cn_msg and proc_event, in the machine's byte order. linux/netlink.h, connector.h, cn_proc.h</summary>
internal static class ProcessEvent
{
    /// <summary>Length of the longest request.</summary>
    internal const int MaxRequest = HeaderLength + ConnectorLength + 8;

    private const int HeaderLength = 16;
    private const int ConnectorLength = 20;
    private const ushort Done = 3; // NLMSG_DONE
    private const uint ProcessIndex = 1;

    private const uint Exec = 0x2;
    private const uint User = 0x4;
    private const uint Group = 0x40;

    private const uint Listen = 1; // PROC_CN_MCAST_LISTEN

    /// <summary>Writes a subscription; returns its length.</summary>
    /// <param name="message">At least <see cref="MaxRequest"/> bytes.</param>
    /// <param name="mark">By which <see cref="IsConfirmation"/> knows it again.</param>
    /// <param name="filtered">Whether it names the kinds of event that are wanted: kernels before 6.6 ignore such a one without a word.</param>
    internal static int WriteRequest(Span<byte> message, uint mark, bool filtered)
    {
        int body = filtered ? 8 : 4;
        int length = HeaderLength + ConnectorLength + body;
        message = message[..length];
        message.Clear();
        Write32(message, (uint)length);
        MemoryMarshal.Write(message[4..], Done);
        Write32(message[HeaderLength..], ProcessIndex);
        Write32(message[(HeaderLength + 4)..], ProcessIndex); // CN_VAL_PROC
        Write32(message[(HeaderLength + 12)..], mark);
        MemoryMarshal.Write(message[(HeaderLength + 16)..], (ushort)body);
        Write32(message[(HeaderLength + ConnectorLength)..], Listen);
        if (filtered) Write32(message[(HeaderLength + ConnectorLength + 4)..], Exec | User | Group);
        return length;
    }

    /// <summary>Whether the kernel says that it has accepted the subscription: PROC_EVENT_NONE without an error, whose cn_msg.ack is one more than the request's.</summary>
    internal static bool IsConfirmation(ReadOnlySpan<byte> message, uint mark) =>
        TryReadEvent(message, out ReadOnlySpan<byte> happened) && Read32(happened) == 0 && Read32(message[(HeaderLength + 12)..]) == unchecked(mark + 1) && Read32(happened[16..]) == 0;

    /// <summary>The process that has become another program, user or group; false for every other message.</summary>
    internal static bool TryReadChange(ReadOnlySpan<byte> message, out int processId)
    {
        processId = 0;
        if (!TryReadEvent(message, out ReadOnlySpan<byte> happened) || Read32(happened) is not (Exec or User or Group)) return false;
        processId = MemoryMarshal.Read<int>(happened[20..]); // process_pid (4), process_tgid (4) in each of the three.
        return processId > 0;
    }

    /// <summary>struct proc_event: what (4), cpu (4), timestamp (8), and what belongs to it.</summary>
    private static bool TryReadEvent(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> happened)
    {
        happened = default;
        if (message.Length < HeaderLength + ConnectorLength + 24) return false;
        if (Read32(message[HeaderLength..]) != ProcessIndex || Read32(message[(HeaderLength + 4)..]) != ProcessIndex) return false;
        happened = message[(HeaderLength + ConnectorLength)..];
        return true;
    }

    private static uint Read32(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<uint>(bytes);

    private static void Write32(Span<byte> bytes, uint value) => MemoryMarshal.Write(bytes, value);
}
