using System.Buffers.Text;
using System.Globalization;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>When a process started, for kernels that have no pidfd. The one place outside Attestation that looks at /proc: it asks only whether the wire's other end is still there.</summary>
internal static class ProcessStartTime
{
    private const int FieldsAfterName = 19;

    /// <summary>Reads field 22 of /proc/PID/stat, in clock ticks from boot. False when there is no such process, or only its zombie.</summary>
    internal static bool TryRead(int pid, out ulong startTime)
    {
        startTime = 0;
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle stat = File.OpenHandle(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            Span<byte> buffer = stackalloc byte[1024];
            int length = RandomAccess.Read(stat, buffer, 0);
            return TryParse(buffer[..length], out startTime);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The program's name may hold anything, so fields are counted from the last bracket.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> line, out ulong startTime)
    {
        startTime = 0;
        int close = line.LastIndexOf((byte)')');
        if (close < 0 || line.Length < close + 4 || line[close + 1] != ' ') return false;
        ReadOnlySpan<byte> rest = line[(close + 2)..];
        if (rest[0] is (byte)'Z' or (byte)'X') return false;
        for (int field = 0; field < FieldsAfterName; field++)
        {
            int blank = rest.IndexOf((byte)' ');
            if (blank <= 0) return false;
            rest = rest[(blank + 1)..];
        }

        return Utf8Parser.TryParse(rest, out startTime, out int used) && used < rest.Length && rest[used] == ' ';
    }
}
