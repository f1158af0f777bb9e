namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Whether a detail answers a question.</summary>
internal static class DetailQuestion
{
    /// <summary>The first member that says no; null where the detail allows it.</summary>
    public static DetailMember? FirstMiss(AuthorizationDetail detail, ActionQuestion question)
    {
        if (!string.Equals(detail.Type, question.Type, StringComparison.Ordinal)) return DetailMember.Type;
        if (!detail.Actions.Allows(question.Action)) return DetailMember.Actions;
        if (!detail.Locations.Allows(question.Location)) return DetailMember.Locations;
        if (!detail.Identifier.Allows(question.Identifier)) return DetailMember.Identifier;
        if (!detail.Datatypes.Allows(question.Datatype)) return DetailMember.Datatypes;
        if (!detail.Audiences.Allows(question.Audience)) return DetailMember.Audiences;
        if (question.Sensitivity > detail.Sensitivity) return DetailMember.Sensitivity;
        if (detail.Constraints.IsNone) return null;
        foreach ((string name, NumberRange range) in detail.Constraints.Ranges)
        {
            if (!question.Parameters.Values.TryGetValue(name, out ParameterValue value) || value.Number is not { } number || !range.Contains(number)) return DetailMember.Ranges;
        }

        foreach ((string name, ParameterValues values) in detail.Constraints.In)
        {
            if (!question.Parameters.Values.TryGetValue(name, out ParameterValue value) || !values.Contains(value)) return DetailMember.In;
        }

        return null;
    }

    public static string Why(DetailMember member, AuthorizationDetail detail, ActionQuestion question) => member switch
    {
        DetailMember.Type => $"type: nothing of type {question.Type} is granted",
        DetailMember.Actions => Sets(member, question.Action, detail.Actions.ToString()),
        DetailMember.Locations => Sets(member, question.Location?.ToString(), detail.Locations.ToString()),
        DetailMember.Identifier => Sets(member, question.Identifier, detail.Identifier.ToString()),
        DetailMember.Datatypes => Sets(member, question.Datatype, detail.Datatypes.ToString()),
        DetailMember.Audiences => Sets(member, question.Audience, detail.Audiences.ToString()),
        DetailMember.Sensitivity => $"sensitivity: {Sensitivities.NameOf(detail.Sensitivity)} at most is granted",
        DetailMember.Ranges => $"ranges: {string.Join(", ", detail.Constraints.Ranges.Select(range => $"{range.Key} {range.Value}"))}",
        _ => $"in: {string.Join("; ", detail.Constraints.In.Select(values => $"{values.Key} is one of {values.Value}"))}",
    };

    private static string Sets(DetailMember member, string? asked, string granted) => (asked, granted) switch
    {
        (null, _) => $"{MissText.NameOf(member)}: none named, and {granted} is granted: name one",
        (_, "") => $"{MissText.NameOf(member)}: the grant names none, so {asked} is not granted",
        _ => $"{MissText.NameOf(member)}: {granted} is granted, not {asked}",
    };
}
