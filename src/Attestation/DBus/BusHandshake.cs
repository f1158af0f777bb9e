using System.Net.Sockets;

namespace Spiffe.Agent.Attestation.DBus;

/// <summary>Says who we are, by the credentials that the kernel gives the bus (EXTERNAL), and asks to send descriptors. D-Bus Specification, Authentication Protocol.</summary>
internal static class BusHandshake
{
    /// <summary>Longest line of the bus, and most that it may say in all. Ours: it says <c>OK</c> with 32 digits.</summary>
    private const int MaxAnswers = 512;

    /// <summary>All in one go, as systemd's own client does: we name no uid, the bus reads ours off the socket.</summary>
    private static ReadOnlySpan<byte> Questions => "\0AUTH EXTERNAL\r\nDATA\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n"u8;

    /// <summary>Returns whether descriptors may be sent. After it both sides speak messages.</summary>
    /// <exception cref="DBusException">The bus does not let us in, or speaks something else.</exception>
    internal static async Task<bool> RunAsync(Socket socket, CancellationToken cancellationToken)
    {
        BusWriter.Write(socket, Questions, null);
        byte[] buffer = new byte[MaxAnswers];
        int length = 0;
        while (true)
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) throw new DBusException(DBusFault.Lost, "the bus ended the connection while it was set up");
            length += read;
            if (TryRead(buffer.AsSpan(0, length), out bool passesDescriptors)) return passesDescriptors;
            if (length == buffer.Length) throw Refused();
        }
    }

    /// <summary>Reads the three lines; false while they are not all there.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> answers, out bool passesDescriptors)
    {
        passesDescriptors = false;
        if (!TryLine(ref answers, out ReadOnlySpan<byte> challenge)) return false;
        if (!challenge.SequenceEqual("DATA"u8)) throw Refused();
        if (!TryLine(ref answers, out ReadOnlySpan<byte> welcome)) return false;
        if (!welcome.StartsWith("OK "u8)) throw Refused();
        if (!TryLine(ref answers, out ReadOnlySpan<byte> descriptors)) return false;
        passesDescriptors = descriptors.SequenceEqual("AGREE_UNIX_FD"u8);
        // Nothing may follow: the bus speaks again when it is asked.
        if ((!passesDescriptors && !descriptors.StartsWith("ERROR"u8)) || !answers.IsEmpty) throw Refused();
        return true;
    }

    private static bool TryLine(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        int end = text.IndexOf("\r\n"u8);
        line = end < 0 ? default : text[..end];
        if (end >= 0) text = text[(end + 2)..];
        return end >= 0;
    }

    private static DBusException Refused() => DBusException.Malformed("the bus does not let us in by EXTERNAL");
}
