namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Why a detail is not allowed, in words.</summary>
internal static class MissText
{
    public static string NameOf(DetailMember member) => member switch
    {
        DetailMember.Type => "type",
        DetailMember.Actions => "actions",
        DetailMember.Locations => "locations",
        DetailMember.Identifier => "identifier",
        DetailMember.Datatypes => "datatypes",
        DetailMember.Audiences => "audiences",
        DetailMember.Sensitivity => "sensitivity",
        DetailMember.MaxUses => "max_uses",
        DetailMember.NotAfter => "not_after",
        DetailMember.Ranges => "ranges",
        DetailMember.In => "in",
        _ => "order",
    };

    /// <summary>The member of one detail that goes past another's.</summary>
    public static string Of(DetailMember member, AuthorizationDetail inner, AuthorizationDetail outer, string by) => member switch
    {
        DetailMember.Type => $"type: {by} allows nothing of type {inner.Type}",
        DetailMember.Actions => Sets(member, inner.Actions.ToString(), outer.Actions.ToString(), by),
        DetailMember.Locations => Sets(member, inner.Locations.ToString(), outer.Locations.ToString(), by),
        DetailMember.Identifier => Sets(member, inner.Identifier.ToString(), outer.Identifier.ToString(), by),
        DetailMember.Datatypes => Sets(member, inner.Datatypes.ToString(), outer.Datatypes.ToString(), by),
        DetailMember.Audiences => Sets(member, inner.Audiences.ToString(), outer.Audiences.ToString(), by),
        DetailMember.Sensitivity => $"sensitivity: {by} allows {Sensitivities.NameOf(outer.Sensitivity)} at most",
        DetailMember.MaxUses => $"max_uses: {by} allows fewer uses",
        DetailMember.NotAfter => $"not_after: {by} ends it earlier",
        DetailMember.Ranges => $"ranges: {by} allows other numbers",
        DetailMember.In => $"in: {by} allows other values",
        _ => $"order: {by} has it as another step",
    };

    private static string Sets(DetailMember member, string inner, string outer, string by) => (inner.Length, outer.Length) switch
    {
        (0, _) => $"{NameOf(member)}: none named, and {by} allows {outer}: name them",
        (_, 0) => $"{NameOf(member)}: {by} names none, so {inner} is not allowed",
        _ => $"{NameOf(member)}: {by} allows {outer}, not {inner}",
    };
}
