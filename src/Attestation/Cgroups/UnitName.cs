namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>Names of systemd units as they stand in cgroup paths, systemd.unit(5).</summary>
internal static class UnitName
{
    internal const string Slice = ".slice";

    /// <summary>UNIT_NAME_MAX of systemd.</summary>
    private const int MaxLength = 255;

    /// <summary>The unit that a cgroup is named after; null when it is no legal name of a unit that processes run in.</summary>
    /// <remarks>systemd puts an underscore before names that could be mistaken for a file of the cgroup file system, such as <c>_cpu.service</c>.</remarks>
    internal static string? Of(string segment)
    {
        string name = segment[0] == '_' ? segment[1..] : segment;
        return (EndsIn(".service") || EndsIn(".scope") || EndsIn(".socket") || EndsIn(".mount") || EndsIn(".swap")) && IsLegal(name) ? name : null;

        bool EndsIn(string type) => name.Length > type.Length && name.EndsWith(type, StringComparison.Ordinal);
    }

    /// <summary>Whether <paramref name="name"/> is a slice that systemd would put directly into <paramref name="parent"/>: <c>a-b.slice</c> into <c>a.slice</c>, and
    /// <c>a.slice</c> into the root.</summary>
    internal static bool IsSliceIn(string? parent, string name)
    {
        if (!name.EndsWith(Slice, StringComparison.Ordinal) || !IsLegal(name) || name.Contains('@', StringComparison.Ordinal)) return false;
        ReadOnlySpan<char> own = name.AsSpan(0, name.Length - Slice.Length);
        if (parent is not null)
        {
            ReadOnlySpan<char> above = parent.AsSpan(0, parent.Length - Slice.Length);
            if (!own.StartsWith(above, StringComparison.Ordinal) || own.Length <= above.Length || own[above.Length] != '-') return false;
            own = own[(above.Length + 1)..];
        }

        return !own.IsEmpty && !own.Contains('-');
    }

    /// <summary>Of a name that ends in a type of unit.</summary>
    private static bool IsLegal(string name)
    {
        if (name.Length is 0 or > MaxLength || name[0] is '@' or '.') return false;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not (':' or '-' or '_' or '.' or '\\' or '@')) return false;
        }

        // A template without an instance runs nothing.
        int at = name.IndexOf('@', StringComparison.Ordinal);
        return at < 0 || name[at + 1] != '.' || name.IndexOf('.', at + 2) >= 0;
    }
}
