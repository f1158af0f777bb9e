using System.Buffers.Text;

namespace Spiffe.Agent.Attestation.Proc;

/// <summary>Numbers out of a line of /proc/PID/stat by the field numbers of proc_pid_stat(5), for what <see cref="ProcessStat"/> does not hold.</summary>
internal static class StatFields
{
    private const int MaxLine = 1024;
    private const int FirstAfterName = 3;

    /// <summary>Reads the line of a process, and these fields of it. False when it cannot be read or is not what the kernel writes.</summary>
    /// <param name="directory">The process.</param>
    /// <param name="fields">From 4 on, ascending.</param>
    /// <param name="values">As many: the numbers. Negative ones are not read.</param>
    internal static bool TryRead(ProcessDirectory directory, ReadOnlySpan<int> fields, Span<ulong> values)
    {
        Span<byte> buffer = stackalloc byte[MaxLine];
        int length = directory.ReadFile("stat\0"u8, buffer, out _);
        return length is > 0 and < MaxLine && TryParse(buffer[..length], fields, values);
    }

    /// <summary>The same of a line that was read. The name of the program may hold anything, so the fields count from the last bracket on.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> line, ReadOnlySpan<int> fields, Span<ulong> values)
    {
        int close = line.LastIndexOf((byte)')');
        if (close < 0 || close + 2 >= line.Length) return false;
        ReadOnlySpan<byte> rest = line[(close + 2)..].TrimEnd((byte)'\n');
        int found = 0;
        for (int field = FirstAfterName; found < fields.Length; field++)
        {
            int blank = rest.IndexOf((byte)' ');
            ReadOnlySpan<byte> text = blank < 0 ? rest : rest[..blank];
            if (field == fields[found] && (!Utf8Parser.TryParse(text, out values[found++], out int used) || used != text.Length)) return false;
            if (blank < 0) break;
            rest = rest[(blank + 1)..];
        }

        return found == fields.Length;
    }
}
