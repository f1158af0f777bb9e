using System.Buffers.Text;

namespace Spiffe.Agent.Attestation.Proc;

/// <summary>What is used of /proc/PID/status.</summary>
/// <remarks>The kernel escapes line feeds and backslashes in <c>Name:</c>, so a program cannot forge a line with its name; each key is taken where it occurs first
/// at the start of a line, and a key that occurs twice refuses the whole text.</remarks>
/// <param name="ThreadGroupId"><c>Tgid</c>: equals <paramref name="ProcessId"/> unless the number names a mere thread.</param>
/// <param name="ProcessId"><c>Pid</c>.</param>
/// <param name="State">First letter of <c>State</c>.</param>
/// <param name="EffectiveUserId">Second number of <c>Uid</c> (real, effective, saved, file system).</param>
/// <param name="EffectiveGroupId">Second number of <c>Gid</c>.</param>
/// <param name="NamespaceDepth">How many pid namespaces, from the reader's own downwards, know the process: 1 when it shares the reader's; 0 when the kernel does not say.</param>
/// <param name="Groups">Where the numbers behind <c>Groups:</c> stand in the text.</param>
internal readonly record struct ProcessStatus(
    int ThreadGroupId, int ProcessId, byte State, uint EffectiveUserId, uint EffectiveGroupId, int NamespaceDepth, Range Groups)
{
    /// <summary>Whether the process is a zombie or dead.</summary>
    internal bool HasExited => State is (byte)'Z' or (byte)'X' or (byte)'x';

    /// <summary>Reads the whole text of /proc/PID/status.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out ProcessStatus status)
    {
        status = default;
        Seen seen = Seen.None;
        int tgid = 0, pid = 0, depth = 0;
        byte state = 0;
        uint uid = 0, gid = 0;
        Range groups = default;

        for (int start = 0; start < text.Length;)
        {
            int length = text[start..].IndexOf((byte)'\n');
            if (length < 0) return false;
            ReadOnlySpan<byte> line = text.Slice(start, length);
            Seen key = KeyOf(line);
            if ((seen & key) != 0) return false;
            seen |= key;
            int colon = line.IndexOf((byte)':') + 1;
            ReadOnlySpan<byte> value = line[colon..];
            bool good = key switch
            {
                Seen.Tgid => TryParseId(value, out tgid),
                Seen.Pid => TryParseId(value, out pid),
                Seen.State => TryParseState(value, out state),
                Seen.Uid => TryParseEffective(value, out uid),
                Seen.Gid => TryParseEffective(value, out gid),
                Seen.NsPid => (depth = CountNumbers(value)) >= 1,
                _ => true,
            };
            if (!good) return false;
            if (key == Seen.Groups) groups = new Range(start + colon, start + length);
            start += length + 1;
        }

        if ((seen & Seen.Required) != Seen.Required) return false;
        status = new ProcessStatus(tgid, pid, state, uid, gid, depth, groups);
        return true;
    }

    /// <summary>Takes the next number of a list that blanks separate, or returns false at its end.</summary>
    internal static bool TryTakeNumber(ref ReadOnlySpan<byte> list, out uint number)
    {
        list = list.TrimStart(" \t"u8);
        if (!Utf8Parser.TryParse(list, out number, out int used)) return false;
        if (used < list.Length && list[used] is not ((byte)' ' or (byte)'\t')) return false;
        list = list[used..];
        return true;
    }

    private static Seen KeyOf(ReadOnlySpan<byte> line) => line switch
    {
        _ when line.StartsWith("Tgid:"u8) => Seen.Tgid,
        _ when line.StartsWith("Pid:"u8) => Seen.Pid,
        _ when line.StartsWith("State:"u8) => Seen.State,
        _ when line.StartsWith("Uid:"u8) => Seen.Uid,
        _ when line.StartsWith("Gid:"u8) => Seen.Gid,
        _ when line.StartsWith("Groups:"u8) => Seen.Groups,
        _ when line.StartsWith("NSpid:"u8) => Seen.NsPid,
        _ => Seen.None,
    };

    private static bool TryParseId(ReadOnlySpan<byte> value, out int id)
    {
        id = 0;
        if (!TryTakeNumber(ref value, out uint number) || number is 0 or > int.MaxValue || !value.Trim((byte)' ').IsEmpty) return false;
        id = (int)number;
        return true;
    }

    private static bool TryParseState(ReadOnlySpan<byte> value, out byte state)
    {
        value = value.TrimStart(" \t"u8);
        state = value.IsEmpty ? (byte)0 : value[0];
        return state != 0;
    }

    private static bool TryParseEffective(ReadOnlySpan<byte> value, out uint effective) =>
        TryTakeNumber(ref value, out effective) && TryTakeNumber(ref value, out effective);

    private static int CountNumbers(ReadOnlySpan<byte> value)
    {
        int count = 0;
        while (TryTakeNumber(ref value, out _)) count++;
        return count;
    }

    [Flags]
    private enum Seen
    {
        None = 0,
        Tgid = 1,
        Pid = 2,
        State = 4,
        Uid = 8,
        Gid = 16,
        Groups = 32,
        NsPid = 64,
        Required = Tgid | Pid | State | Uid | Gid | Groups,
    }
}
