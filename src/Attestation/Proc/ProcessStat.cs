using System.Buffers.Text;

namespace Spiffe.Agent.Attestation.Proc;

/// <summary>What is used of a line of /proc/PID/stat.</summary>
/// <param name="ProcessId">Field 1.</param>
/// <param name="State">Field 3: <c>R S D Z T t X I</c>.</param>
/// <param name="StartTime">Field 22: clock ticks (1/100 s) from boot to the start of the process. Not unique: three reuses of a pid within one tick were seen.</param>
internal readonly record struct ProcessStat(int ProcessId, byte State, ulong StartTime)
{
    /// <summary>Fields between the state (3) and the start time (22).</summary>
    private const int FieldsBeforeStartTime = 22 - 3;

    /// <summary>Whether the process is a zombie or dead: nothing of it runs any more.</summary>
    internal bool HasExited => State is (byte)'Z' or (byte)'X' or (byte)'x';

    /// <summary>Reads the line. The name of the program (field 2) is chosen by the process and may hold anything, brackets, blanks and line feeds too,
    /// so it reaches from the first <c>(</c> to the <em>last</em> <c>)</c>; no later field can hold one.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> line, out ProcessStat stat)
    {
        stat = default;
        int open = line.IndexOf((byte)'(');
        int close = line.LastIndexOf((byte)')');
        if (open < 2 || close < open || line[open - 1] != ' ') return false;
        if (!TryParseWhole(line[..(open - 1)], out ulong pid) || pid is 0 or > int.MaxValue) return false;

        ReadOnlySpan<byte> rest = line[(close + 1)..];
        if (rest.Length < 3 || rest[0] != ' ' || rest[2] != ' ' || !char.IsAsciiLetter((char)rest[1])) return false;
        byte state = rest[1];
        rest = rest[3..];
        for (int field = 1; field < FieldsBeforeStartTime; field++)
        {
            int blank = rest.IndexOf((byte)' ');
            if (blank <= 0) return false;
            rest = rest[(blank + 1)..];
        }

        int end = rest.IndexOf((byte)' ');
        if (end <= 0 || !TryParseWhole(rest[..end], out ulong started)) return false;
        stat = new ProcessStat((int)pid, state, started);
        return true;
    }

    private static bool TryParseWhole(ReadOnlySpan<byte> digits, out ulong value) =>
        Utf8Parser.TryParse(digits, out value, out int used) && used == digits.Length && digits[0] is >= (byte)'0' and <= (byte)'9';
}
