using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Reads details. Each method leaves the first fault and answers false; what it does not know it refuses.</summary>
internal sealed class DetailReader
{
    private static readonly ImmutableHashSet<string> Members =
        ImmutableHashSet.Create(StringComparer.Ordinal, "type", "actions", "locations", "datatypes", "identifier", "audiences", "sensitivity", "constraints");

    private readonly JsonParts _json = new();

    public GrantFault? Fault => _json.Fault;

    public bool TryReadAll(JsonElement array, [NotNullWhen(true)] out List<AuthorizationDetail>? details)
    {
        details = null;
        if (array.ValueKind != JsonValueKind.Array) return _json.Fail(GrantRule.WrongType, "$", "authorization details are an array");
        if (array.GetArrayLength() > GrantLimits.MaxDetails) return _json.Fail(GrantRule.TooLarge, "$", $"there are at most {GrantLimits.MaxDetails} details");
        List<AuthorizationDetail> read = [];
        int at = 0;
        foreach (JsonElement item in array.EnumerateArray())
        {
            if (!TryRead(item, $"$[{at++}]", out AuthorizationDetail? detail)) return false;
            read.Add(detail);
        }

        details = read;
        return true;
    }

    private bool TryRead(JsonElement element, string path, [NotNullWhen(true)] out AuthorizationDetail? detail)
    {
        detail = null;
        if (!_json.TryObject(element, path, Members, out Dictionary<string, JsonElement>? members)) return false;
        if (!_json.TryRequired(members, "type", path, out JsonElement type) || !_json.TryTerm(type, path + ".type", out string? typeName)) return false;
        if (typeName == GrantText.Any) return _json.Fail(GrantRule.Text, path + ".type", "a detail has one type: not everything");
        if (!_json.TryRequired(members, "actions", path, out _) || !TryTerms(members, "actions", path, out GrantTerms? actions)) return false;
        if (actions.IsEmpty) return _json.Fail(GrantRule.Missing, path + ".actions", "a detail names at least one action, or *");
        if (!TryLocations(members, path, out GrantLocations? locations) || !TryTerms(members, "datatypes", path, out GrantTerms? datatypes)) return false;
        if (!TryIdentifier(members, path, out GrantTerms? identifier) || !TryTerms(members, "audiences", path, out GrantTerms? audiences)) return false;
        if (!TrySensitivity(members, path, out Sensitivity sensitivity)) return false;
        GrantConstraints? constraints = GrantConstraints.None;
        if (members.TryGetValue("constraints", out JsonElement given) && !new ConstraintReader(_json).TryRead(given, path + ".constraints", out constraints)) return false;
        detail = new AuthorizationDetail(typeName, actions)
        {
            Locations = locations,
            Datatypes = datatypes,
            Identifier = identifier,
            Audiences = audiences,
            Sensitivity = sensitivity,
            Constraints = constraints,
        };
        return true;
    }

    private bool TryTerms(Dictionary<string, JsonElement> members, string name, string path, [NotNullWhen(true)] out GrantTerms? terms)
    {
        terms = GrantTerms.Empty;
        if (!members.TryGetValue(name, out JsonElement list)) return true;
        terms = null;
        List<string> names = [];
        if (!_json.TryList(list, $"{path}.{name}", (item, at) =>
        {
            if (!_json.TryTerm(item, at, out string? term)) return false;
            names.Add(term);
            return true;
        })) return false;
        terms = GrantTerms.Of(names);
        return true;
    }

    private bool TryLocations(Dictionary<string, JsonElement> members, string path, [NotNullWhen(true)] out GrantLocations? locations)
    {
        locations = GrantLocations.Empty;
        if (!members.TryGetValue("locations", out JsonElement list)) return true;
        locations = null;
        List<GrantLocation> places = [];
        bool isAny = false;
        if (!_json.TryList(list, path + ".locations", (item, at) =>
        {
            if (!_json.TryString(item, at, out string? text)) return false;
            if (text == GrantText.Any) isAny = true;
            else if (GrantLocation.TryParse(text, out GrantLocation? place, out string? error)) places.Add(place);
            else return _json.Fail(GrantRule.Location, at, error);
            return true;
        })) return false;
        locations = isAny ? GrantLocations.Any : GrantLocations.Of(places);
        return true;
    }

    private bool TryIdentifier(Dictionary<string, JsonElement> members, string path, [NotNullWhen(true)] out GrantTerms? identifier)
    {
        identifier = GrantTerms.Empty;
        if (!members.TryGetValue("identifier", out JsonElement given)) return true;
        identifier = null;
        if (!_json.TryValue(given, path + ".identifier", out string? text)) return false;
        identifier = GrantTerms.Of([text]);
        return true;
    }

    private bool TrySensitivity(Dictionary<string, JsonElement> members, string path, out Sensitivity sensitivity)
    {
        sensitivity = Sensitivity.Public;
        if (!members.TryGetValue("sensitivity", out JsonElement given)) return true;
        if (!_json.TryString(given, path + ".sensitivity", out string? text)) return false;
        return Sensitivities.TryParse(text, out sensitivity) || _json.Fail(GrantRule.Unknown, path + ".sensitivity", "sensitivity is public, internal, confidential or restricted");
    }
}
