using System.Globalization;
using System.Text;

namespace Spiffe.Agent.Attestation.Proc;

/// <summary>What is used of a line of /proc/self/mountinfo, proc_pid_mountinfo(5).</summary>
/// <param name="Id">The mount's id, unique while it is mounted.</param>
/// <param name="Root">What of the file system is mounted, such as <c>/</c>.</param>
/// <param name="Point">Where, with the kernel's escapes undone.</param>
/// <param name="Type">Type of the file system, such as <c>cgroup2</c>.</param>
/// <param name="Options">Options of the file system, separated by commas.</param>
internal readonly record struct MountInfoLine(ulong Id, string Root, string Point, string Type, string Options)
{
    /// <summary>False when it is not what a kernel writes.</summary>
    internal static bool TryParse(string line, out MountInfoLine mount)
    {
        mount = default;
        string[] fields = line.Split(' ');
        int dash = fields.Length < 10 ? -1 : Array.IndexOf(fields, "-", 6); // Optional fields end with a dash.
        if (dash < 0 || fields.Length != dash + 4 || !ulong.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong id)) return false;
        mount = new MountInfoLine(id, Unescape(fields[3]), Unescape(fields[4]), fields[dash + 1], fields[dash + 3]);
        return true;
    }

    /// <summary>Blanks, tabs, line feeds, backslashes and # stand as a backslash and three octal digits.</summary>
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal)) return field;
        StringBuilder text = new(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            bool escape = field[i] == '\\' && i + 3 < field.Length && IsOctal(field[i + 1]) && IsOctal(field[i + 2]) && IsOctal(field[i + 3]);
            text.Append(escape ? (char)((field[i + 1] - '0') * 64 + (field[i + 2] - '0') * 8 + field[i + 3] - '0') : field[i]);
            if (escape) i += 3;
        }

        return text.ToString();

        static bool IsOctal(char c) => c is >= '0' and <= '7';
    }
}
