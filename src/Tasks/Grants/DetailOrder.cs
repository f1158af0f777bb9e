using System.Collections.Immutable;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>When one detail is within another, and what two have in common, member by member. Steps of sequences are looked at where whole grants are (<see cref="GrantCover"/>).</summary>
internal static class DetailOrder
{
    /// <summary>Whether everything that the first allows the second allows; uses not summed, steps not compared.</summary>
    public static bool IsWithin(AuthorizationDetail inner, AuthorizationDetail outer) => FirstMiss(inner, outer) is null;

    /// <summary>The first member in which the first detail goes past the second, in the order of how much it says; null where it is within.</summary>
    public static DetailMember? FirstMiss(AuthorizationDetail inner, AuthorizationDetail outer)
    {
        if (!string.Equals(inner.Type, outer.Type, StringComparison.Ordinal)) return DetailMember.Type;
        if (!inner.Actions.IsWithin(outer.Actions)) return DetailMember.Actions;
        if (!inner.Locations.IsWithin(outer.Locations)) return DetailMember.Locations;
        if (!inner.Identifier.IsWithin(outer.Identifier)) return DetailMember.Identifier;
        if (!inner.Datatypes.IsWithin(outer.Datatypes)) return DetailMember.Datatypes;
        if (!inner.Audiences.IsWithin(outer.Audiences)) return DetailMember.Audiences;
        if (inner.Sensitivity > outer.Sensitivity) return DetailMember.Sensitivity;
        if (!IsWithin(inner.Constraints.MaxUses, outer.Constraints.MaxUses)) return DetailMember.MaxUses;
        if (!IsWithin(inner.Constraints.NotAfter, outer.Constraints.NotAfter)) return DetailMember.NotAfter;
        if (!outer.Constraints.Ranges.All(range => inner.Constraints.Ranges.TryGetValue(range.Key, out NumberRange own) && own.IsWithin(range.Value))) return DetailMember.Ranges;
        if (!outer.Constraints.In.All(values => inner.Constraints.In.TryGetValue(values.Key, out ParameterValues? own) && own.IsWithin(values.Value))) return DetailMember.In;
        return null;
    }

    /// <summary>What both allow, without a step; null, with the first member in which they have nothing in common, where that is nothing.</summary>
    public static AuthorizationDetail? Meet(AuthorizationDetail a, AuthorizationDetail b, out DetailMember? miss)
    {
        miss = null;
        if (!string.Equals(a.Type, b.Type, StringComparison.Ordinal)) return Miss(DetailMember.Type, out miss);
        if (a.Actions.Meet(b.Actions) is not { } actions) return Miss(DetailMember.Actions, out miss);
        if (a.Locations.Meet(b.Locations) is not { } locations) return Miss(DetailMember.Locations, out miss);
        if (a.Identifier.Meet(b.Identifier) is not { } identifier) return Miss(DetailMember.Identifier, out miss);
        if (a.Datatypes.Meet(b.Datatypes) is not { } datatypes) return Miss(DetailMember.Datatypes, out miss);
        if (a.Audiences.Meet(b.Audiences) is not { } audiences) return Miss(DetailMember.Audiences, out miss);
        if (Meet(a.Constraints.Ranges, b.Constraints.Ranges) is not { } ranges) return Miss(DetailMember.Ranges, out miss);
        if (Meet(a.Constraints.In, b.Constraints.In) is not { } values) return Miss(DetailMember.In, out miss);
        if (locations.Items.Length > GrantLimits.MaxItems) return Miss(DetailMember.Locations, out miss);
        if (ranges.Count > GrantLimits.MaxParameters) return Miss(DetailMember.Ranges, out miss);
        if (values.Count > GrantLimits.MaxParameters) return Miss(DetailMember.In, out miss);
        return new AuthorizationDetail(a.Type, actions)
        {
            Locations = locations,
            Identifier = identifier,
            Datatypes = datatypes,
            Audiences = audiences,
            Sensitivity = a.Sensitivity < b.Sensitivity ? a.Sensitivity : b.Sensitivity,
            Constraints = new GrantConstraints
            {
                MaxUses = Least(a.Constraints.MaxUses, b.Constraints.MaxUses),
                NotAfter = Least(a.Constraints.NotAfter, b.Constraints.NotAfter),
                Ranges = ranges,
                In = values,
            },
        };
    }

    private static AuthorizationDetail? Miss(DetailMember member, out DetailMember? miss)
    {
        miss = member;
        return null;
    }

    // No number is no limit.
    private static bool IsWithin(long? inner, long? outer) => outer is null || inner <= outer;

    private static long? Least(long? a, long? b) => a is null || b < a ? b : a;

    private static ImmutableSortedDictionary<string, NumberRange>? Meet(ImmutableSortedDictionary<string, NumberRange> a, ImmutableSortedDictionary<string, NumberRange> b)
    {
        foreach ((string name, NumberRange range) in b)
        {
            NumberRange both = a.TryGetValue(name, out NumberRange own) ? own.Meet(range) : range;
            if (both.IsEmpty) return null;
            a = a.SetItem(name, both);
        }

        return a;
    }

    private static ImmutableSortedDictionary<string, ParameterValues>? Meet(ImmutableSortedDictionary<string, ParameterValues> a, ImmutableSortedDictionary<string, ParameterValues> b)
    {
        foreach ((string name, ParameterValues values) in b)
        {
            ParameterValues? both = a.TryGetValue(name, out ParameterValues? own) ? own.Meet(values) : values;
            if (both is null) return null;
            a = a.SetItem(name, both);
        }

        return a;
    }
}
