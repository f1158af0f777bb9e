using System.Collections.Immutable;
using System.Globalization;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>The lines of /proc/PID/cgroup. Text that no kernel writes is not read at all.</summary>
/// <remarks>Names of cgroups are chosen by whoever makes them: any byte but a slash and a line feed. So a name may look like another line's parts, or end in
/// <c> (deleted)</c>; where that leaves a doubt there is no reading.</remarks>
internal static class CgroupLines
{
    /// <summary>Longest text, in characters. Ours: 13 controllers with a path of PATH_MAX (4096) each are less.</summary>
    internal const int MaxLength = 64 * 1024;

    /// <summary>Most hierarchies. Ours: Linux has 14 controllers, and hosts a few named hierarchies.</summary>
    internal const int MaxLines = 32;

    /// <summary>Reads the whole text. False with the reason and the culprit.</summary>
    internal static bool TryParse(string text, out ImmutableArray<CgroupLine> lines, out EvidenceRefusal reason, out string detail)
    {
        lines = [];
        reason = EvidenceRefusal.CgroupAmbiguous;
        if (text.Length is 0 or > MaxLength || text[^1] != '\n')
        {
            detail = "/proc/PID/cgroup is empty, too long or cut off";
            return false;
        }

        ImmutableArray<CgroupLine>.Builder found = ImmutableArray.CreateBuilder<CgroupLine>(1);
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            string? fault = TryParseLine(text.AsSpan(start, end - start), out CgroupLine line);
            if (found.Count == MaxLines) fault = "too many lines";
            else if (fault is null && found.Any(before => Overlaps(before, line))) fault = "names a hierarchy twice";
            if (fault is not null)
            {
                detail = string.Create(CultureInfo.InvariantCulture, $"line {found.Count + 1}: {fault}");
                return false;
            }

            found.Add(line);
            start = end + 1;
        }

        lines = found.DrainToImmutable();
        return TryAccept(lines, out reason, out detail);
    }

    private static bool TryAccept(ImmutableArray<CgroupLine> lines, out EvidenceRefusal reason, out string detail)
    {
        (reason, detail) = (default, "");
        foreach (CgroupLine line in lines)
        {
            if (!line.Path.EndsWith(" (deleted)", StringComparison.Ordinal)) continue;
            (reason, detail) = (EvidenceRefusal.CgroupDeleted, line.ToString());
            return false;
        }

        return true;
    }

    /// <summary>Null, or the rule that is broken.</summary>
    private static string? TryParseLine(ReadOnlySpan<char> text, out CgroupLine line)
    {
        line = default;
        int first = text.IndexOf(':');
        int second = first < 0 ? -1 : text[(first + 1)..].IndexOf(':') + first + 1;
        if (second <= first) return "not id:controllers:path";
        ReadOnlySpan<char> id = text[..first], controllers = text[(first + 1)..second], path = text[(second + 1)..];
        // Digits alone: int.TryParse overlooks NULs behind them.
        if (id.IsEmpty || id.ContainsAnyExceptInRange('0', '9') || (id.Length > 1 && id[0] == '0') || !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int hierarchy)) return "no hierarchy id";
        if (hierarchy == 0 != controllers.IsEmpty || !AreNames(controllers)) return "no list of controllers";
        if (PathFault(path) is { } fault) return fault;
        line = new CgroupLine(hierarchy, controllers is "name=systemd" ? "name=systemd" : controllers.ToString(), path.ToString());
        return null;
    }

    private static bool AreNames(ReadOnlySpan<char> controllers)
    {
        foreach (Range range in controllers.Split(','))
        {
            ReadOnlySpan<char> name = controllers[range];
            if (name.IsEmpty && !controllers.IsEmpty) return false;
            foreach (char c in name)
            {
                if (c is <= ' ' or > '~') return false;
            }
        }

        return true;
    }

    /// <summary>Absolute, no empty and no dot segments; <c>..</c> only at its start, where the kernel writes it for what is out of view.</summary>
    private static string? PathFault(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty || path[0] != '/') return "path is not absolute";
        foreach (char c in path)
        {
            if (char.IsControl(c)) return "path holds control characters";
        }

        if (path.Length == 1) return null;
        ReadOnlySpan<char> names = path[1..];
        bool descending = false;
        foreach (Range range in names.Split('/'))
        {
            ReadOnlySpan<char> name = names[range];
            if (name.IsEmpty || name is "." || (name is ".." && descending)) return "path has an empty or a dot segment";
            descending |= name is not "..";
        }

        return null;
    }

    private static bool Overlaps(CgroupLine a, CgroupLine b)
    {
        if (a.Hierarchy == b.Hierarchy) return true;
        if (a.Controllers == b.Controllers) return true;
        if (!a.Controllers.Contains(',', StringComparison.Ordinal) && !b.Controllers.Contains(',', StringComparison.Ordinal)) return false;
        string[] names = b.Controllers.Split(',');
        return a.Controllers.Split(',').Any(name => Array.IndexOf(names, name) >= 0);
    }
}
