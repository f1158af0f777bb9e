using System.Globalization;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>What of a requested detail is in no granted one, told for people: one line for each member that lost something.</summary>
internal static class LostParts
{
    private static readonly (DetailMember Member, Func<AuthorizationDetail, GrantTerms> Terms)[] Sets =
    [
        (DetailMember.Actions, detail => detail.Actions), (DetailMember.Identifier, detail => detail.Identifier),
        (DetailMember.Datatypes, detail => detail.Datatypes), (DetailMember.Audiences, detail => detail.Audiences),
    ];

    public static IEnumerable<DroppedGrant> Of(AuthorizationDetail requested, IReadOnlyList<AuthorizationDetail> effective, GrantCeiling ceiling)
    {
        List<AuthorizationDetail> granted = [.. effective.Where(detail => DetailOrder.IsWithin(detail, requested))];
        if (granted.Count == 0) return [new DroppedGrant(requested, null, Whole(requested, ceiling))];
        if (granted.Any(detail => DetailOrder.IsWithin(requested, detail) && detail.Constraints.Order == requested.Constraints.Order)) return [];
        return Parts(requested, granted, ceiling.Name).Select(part => new DroppedGrant(requested, part.Member, part.Reason));
    }

    /// <summary>Why nothing of it is granted: the closest detail of the ceiling says.</summary>
    private static string Whole(AuthorizationDetail requested, GrantCeiling ceiling)
    {
        DetailMember closest = DetailMember.Type;
        AuthorizationDetail? best = null;
        foreach (AuthorizationDetail detail in ceiling.Grant.Items)
        {
            // Whatever meets and was not granted lost its uses to others, its step, or its place among the details.
            _ = DetailOrder.Meet(requested, detail, out DetailMember? miss);
            DetailMember member = miss ?? (requested.Constraints.Order != detail.Constraints.Order ? DetailMember.Order : DetailMember.MaxUses);
            if (best is not null && member <= closest) continue;
            (closest, best) = (member, detail);
        }

        return best is null ? $"{ceiling.Name} allows nothing" : MissText.Of(closest, requested, best, ceiling.Name);
    }

    private static IEnumerable<(DetailMember Member, string Reason)> Parts(AuthorizationDetail requested, List<AuthorizationDetail> granted, string by)
    {
        foreach ((DetailMember member, Func<AuthorizationDetail, GrantTerms> terms) in Sets)
        {
            string[] lost = [.. terms(requested).Items.Where(name => !granted.Exists(detail => terms(detail).Allows(name)))];
            if (lost.Length > 0) yield return (member, $"{MissText.NameOf(member)}: {by} does not allow {Named(lost)}");
        }

        string[] places = requested.Locations.IsAny && !granted.Exists(detail => detail.Locations.IsAny) ? [GrantText.Any]
            : [.. requested.Locations.Items.Where(place => !granted.Exists(detail => detail.Locations.Allows(place))).Select(place => place.ToString())];
        if (places.Length > 0) yield return (DetailMember.Locations, $"{MissText.NameOf(DetailMember.Locations)}: {by} does not allow all of {Named(places)}");
        Sensitivity most = granted.Max(detail => detail.Sensitivity);
        if (most < requested.Sensitivity) yield return (DetailMember.Sensitivity, $"sensitivity: {by} allows {Sensitivities.NameOf(most)} at most");
        if (UsesLost(requested, granted) is { } uses) yield return (DetailMember.MaxUses, string.Create(CultureInfo.InvariantCulture, $"max_uses: {by} leaves {uses}"));
        if (granted.TrueForAll(detail => detail.Constraints.NotAfter is { } end && !(end >= requested.Constraints.NotAfter))) yield return (DetailMember.NotAfter, $"not_after: {by} ends it earlier");
        if (granted.TrueForAll(detail => !detail.Constraints.Ranges.SequenceEqual(requested.Constraints.Ranges))) yield return (DetailMember.Ranges, $"ranges: {by} narrows them");
        if (granted.TrueForAll(detail => !detail.Constraints.In.SequenceEqual(requested.Constraints.In))) yield return (DetailMember.In, $"in: {by} narrows the values");
        if (granted.TrueForAll(detail => detail.Constraints.Order != requested.Constraints.Order)) yield return (DetailMember.Order, $"order: {by} makes it a step of a sequence");
    }

    private static decimal? UsesLost(AuthorizationDetail requested, List<AuthorizationDetail> granted)
    {
        if (granted.Exists(detail => detail.Constraints.MaxUses is null)) return null;
        decimal sum = granted.Sum(detail => (decimal)detail.Constraints.MaxUses!.Value);
        return requested.Constraints.MaxUses is { } wanted && sum >= wanted ? null : sum;
    }

    private static string Named(string[] names) => names is [GrantText.Any] ? "everything" : string.Join(", ", names);
}
