using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Writes a detail canonically: members in order, nothing that is empty or the default.</summary>
internal static class DetailWriter
{
    public static byte[] Write(AuthorizationDetail detail)
    {
        CanonicalWriter writer = new();
        writer.BeginObject();
        Terms(writer, "actions", detail.Actions);
        Terms(writer, "audiences", detail.Audiences);
        if (!detail.Constraints.IsNone) Constraints(writer, detail.Constraints);
        Terms(writer, "datatypes", detail.Datatypes);
        if (!detail.Identifier.IsEmpty)
        {
            writer.Name("identifier");
            writer.String(detail.Identifier.Items[0]);
        }

        Locations(writer, detail.Locations);
        if (detail.Sensitivity != Sensitivity.Public)
        {
            writer.Name("sensitivity");
            writer.String(Sensitivities.NameOf(detail.Sensitivity));
        }

        writer.Name("type");
        writer.String(detail.Type);
        writer.EndObject();
        return writer.ToArray();
    }

    private static void Terms(CanonicalWriter writer, string name, GrantTerms terms)
    {
        if (terms.IsEmpty) return;
        writer.Name(name);
        writer.BeginArray();
        foreach (string term in terms.Items) writer.String(term);
        writer.EndArray();
    }

    private static void Locations(CanonicalWriter writer, GrantLocations locations)
    {
        if (locations.IsEmpty) return;
        writer.Name("locations");
        writer.BeginArray();
        if (locations.IsAny) writer.String(GrantText.Any);
        foreach (GrantLocation location in locations.Items) writer.String(location.ToString());
        writer.EndArray();
    }

    private static void Constraints(CanonicalWriter writer, GrantConstraints constraints)
    {
        writer.Name("constraints");
        writer.BeginObject();
        if (!constraints.In.IsEmpty) In(writer, constraints);
        Number(writer, "max_uses", constraints.MaxUses);
        Number(writer, "not_after", constraints.NotAfter);
        Number(writer, "order", constraints.Order);
        if (!constraints.Ranges.IsEmpty) Ranges(writer, constraints);
        writer.EndObject();
    }

    private static void In(CanonicalWriter writer, GrantConstraints constraints)
    {
        writer.Name("in");
        writer.BeginObject();
        foreach ((string name, ParameterValues values) in constraints.In)
        {
            writer.Name(name);
            writer.BeginArray();
            foreach (ParameterValue value in values.Items)
            {
                if (value.Number is { } number) writer.Number(number);
                else writer.String(value.Text!);
            }

            writer.EndArray();
        }

        writer.EndObject();
    }

    private static void Ranges(CanonicalWriter writer, GrantConstraints constraints)
    {
        writer.Name("ranges");
        writer.BeginObject();
        foreach ((string name, NumberRange range) in constraints.Ranges)
        {
            writer.Name(name);
            writer.BeginObject();
            Number(writer, "max", range.Max);
            Number(writer, "min", range.Min);
            writer.EndObject();
        }

        writer.EndObject();
    }

    private static void Number(CanonicalWriter writer, string name, decimal? value)
    {
        if (value is not { } number) return;
        writer.Name(name);
        writer.Number(number);
    }
}
