using Spiffe.Agent.Attestation.Cgroups;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>Which directory a reading and a scope mean, and whether it is one that may be held at all.</summary>
internal static class HeldDirectory
{
    private const string UserSlice = "/user.slice";

    /// <summary>None with its path, from the top of the reading's mount; or why not.</summary>
    internal static CgroupHoldFault Find(CgroupReading reading, CgroupScope scope, out string path)
    {
        path = "/";
        if (reading.Refusal is not null || reading.Path is not { Length: > 0 } leaf) return CgroupHoldFault.NotEvidence;
        if (reading.Mount is null) return CgroupHoldFault.Unreadable;
        string? found = scope switch
        {
            CgroupScope.Unit => UnitOf(reading.Place, leaf),
            CgroupScope.Container => reading.Place.Container?.Path,
            CgroupScope.Own => leaf,
            _ => null,
        };
        if (string.IsNullOrEmpty(found)) return CgroupHoldFault.NoSuchPlace;
        if (found.Length == 1) return CgroupHoldFault.RootCgroup;
        path = found;
        return IsLoginSession(reading.Place, leaf) ? CgroupHoldFault.LoginSession : CgroupHoldFault.None;
    }

    /// <summary>The unit's own directory: the first segment with its name. Slices come before it, and are none.</summary>
    private static string? UnitOf(CgroupPlace place, string leaf)
    {
        if (place.Unit is not { } unit) return null;
        for (int start = 1; start < leaf.Length;)
        {
            int slash = leaf.IndexOf('/', start);
            int end = slash < 0 ? leaf.Length : slash;
            if (UnitName.Of(leaf[start..end]) == unit) return leaf[..end];
            start = end + 1;
        }

        return null;
    }

    /// <summary>Below user.slice systemd puts sessions and service managers of users, and only there; a scope that root started in it by another name is a unit of its own.</summary>
    private static bool IsLoginSession(CgroupPlace place, string leaf)
    {
        if (place.UserManager is not null) return true;
        if (leaf != UserSlice && !leaf.StartsWith(UserSlice + "/", StringComparison.Ordinal)) return false;
        return place.Unit is not { } unit || unit.StartsWith("session-", StringComparison.Ordinal) || unit.StartsWith("user@", StringComparison.Ordinal);
    }
}
