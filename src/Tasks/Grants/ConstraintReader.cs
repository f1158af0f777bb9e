using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Reads the constraints of a detail: max_uses, order, not_after, ranges, in. Any other is refused.</summary>
internal sealed class ConstraintReader(JsonParts json)
{
    private static readonly ImmutableHashSet<string> Members = ImmutableHashSet.Create(StringComparer.Ordinal, "max_uses", "order", "not_after", "ranges", "in");
    private static readonly ImmutableHashSet<string> Ends = ImmutableHashSet.Create(StringComparer.Ordinal, "min", "max");

    public bool TryRead(JsonElement element, string path, [NotNullWhen(true)] out GrantConstraints? constraints)
    {
        constraints = null;
        if (!json.TryObject(element, path, Members, out Dictionary<string, JsonElement>? members)) return false;
        if (!TryInteger(members, "max_uses", path, GrantLimits.MaxUses, out long? maxUses)) return false;
        if (!TryInteger(members, "order", path, GrantLimits.MaxStep, out long? order)) return false;
        if (!TryInteger(members, "not_after", path, GrantLimits.MaxNotAfter, out long? notAfter)) return false;
        if (!TryRanges(members, path, out ImmutableSortedDictionary<string, NumberRange>? ranges)) return false;
        if (!TryIn(members, path, out ImmutableSortedDictionary<string, ParameterValues>? values)) return false;
        constraints = new GrantConstraints { MaxUses = maxUses, Order = (int?)order, NotAfter = notAfter, Ranges = ranges, In = values };
        return true;
    }

    private bool TryInteger(Dictionary<string, JsonElement> members, string name, string path, long max, out long? value)
    {
        value = null;
        if (!members.TryGetValue(name, out JsonElement given)) return true;
        if (!json.TryInteger(given, $"{path}.{name}", 1, max, out long number)) return false;
        value = number;
        return true;
    }

    private bool TryRanges(Dictionary<string, JsonElement> members, string path, [NotNullWhen(true)] out ImmutableSortedDictionary<string, NumberRange>? ranges)
    {
        ranges = GrantConstraints.None.Ranges;
        if (!members.TryGetValue("ranges", out JsonElement given)) return true;
        ranges = null;
        if (!TryNames(given, path + ".ranges", out Dictionary<string, JsonElement>? names)) return false;
        ImmutableSortedDictionary<string, NumberRange>.Builder read = GrantConstraints.None.Ranges.ToBuilder();
        foreach ((string name, JsonElement element) in names)
        {
            if (!TryRange(element, $"{path}.ranges.{name}", out NumberRange range)) return false;
            read.Add(name, range);
        }

        ranges = read.ToImmutable();
        return true;
    }

    private bool TryRange(JsonElement element, string path, out NumberRange range)
    {
        range = default;
        if (!json.TryObject(element, path, Ends, out Dictionary<string, JsonElement>? ends)) return false;
        decimal? min = null, max = null;
        if (ends.TryGetValue("min", out JsonElement given))
        {
            if (!json.TryNumber(given, path + ".min", out decimal number)) return false;
            min = number;
        }

        if (ends.TryGetValue("max", out given))
        {
            if (!json.TryNumber(given, path + ".max", out decimal number)) return false;
            max = number;
        }

        if (min is null && max is null) return json.Fail(GrantRule.Missing, path, "a range has min, max or both");
        range = new NumberRange(min, max);
        return !range.IsEmpty || json.Fail(GrantRule.Number, path, "min is not above max");
    }

    private bool TryIn(Dictionary<string, JsonElement> members, string path, [NotNullWhen(true)] out ImmutableSortedDictionary<string, ParameterValues>? values)
    {
        values = GrantConstraints.None.In;
        if (!members.TryGetValue("in", out JsonElement given)) return true;
        values = null;
        if (!TryNames(given, path + ".in", out Dictionary<string, JsonElement>? names)) return false;
        ImmutableSortedDictionary<string, ParameterValues>.Builder read = GrantConstraints.None.In.ToBuilder();
        foreach ((string name, JsonElement element) in names)
        {
            List<ParameterValue> allowed = [];
            if (!json.TryList(element, $"{path}.in.{name}", (item, at) => TryValue(item, at, allowed))) return false;
            if (allowed.Count == 0) return json.Fail(GrantRule.Missing, $"{path}.in.{name}", "there is at least one value");
            read.Add(name, ParameterValues.Of(allowed));
        }

        values = read.ToImmutable();
        return true;
    }

    private bool TryValue(JsonElement item, string path, List<ParameterValue> values)
    {
        if (item.ValueKind == JsonValueKind.Number)
        {
            if (!json.TryNumber(item, path, out decimal number)) return false;
            values.Add(ParameterValue.Of(number));
            return true;
        }

        if (!json.TryValue(item, path, out string? text)) return false;
        values.Add(ParameterValue.Of(text));
        return true;
    }

    /// <summary>An object whose names are those of parameters.</summary>
    private bool TryNames(JsonElement element, string path, [NotNullWhen(true)] out Dictionary<string, JsonElement>? names)
    {
        if (!json.TryObject(element, path, known: null, out names)) return false;
        if (names.Count > GrantLimits.MaxParameters) return json.Fail(GrantRule.TooLarge, path, $"there are at most {GrantLimits.MaxParameters} parameters");
        return names.Keys.All(GrantText.IsTerm) || json.Fail(GrantRule.Text, path, $"a parameter's name has 1 to {GrantLimits.MaxTermLength} printable ASCII characters and no spaces");
    }
}
