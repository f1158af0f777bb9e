using System.Collections.Immutable;
using System.Text.Json;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Json;

/// <summary>Reads a set of policies; null where something was refused. Cedar docs, "JSON policy format", policy sets.</summary>
internal sealed class PolicySetReader(JsonReading reading)
{
    private readonly ValueReader _values = new(reading);
    private readonly PolicyReader _policies = new(reading);
    private readonly Dictionary<string, PolicyStatement> _read = new(StringComparer.Ordinal);
    private readonly List<PolicyStatement> _inOrder = [];

    public ImmutableArray<PolicyStatement>? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            reading.Refuse("expected an object");
            return null;
        }

        bool isRead = Group(root, "staticPolicies", areTemplates: false) && Group(root, "templates", areTemplates: true) && Links(root);
        return isRead ? [.. _inOrder] : null;
    }

    private bool Group(JsonElement root, string name, bool areTemplates)
    {
        if (!root.TryGetProperty(name, out JsonElement group)) return true;
        reading.Enter(name);
        if (group.ValueKind != JsonValueKind.Object) return reading.Refuse("expected an object");
        foreach (JsonProperty property in group.EnumerateObject())
        {
            reading.Enter(property.Name);
            if (_policies.Statement(property.Value, property.Name) is not { } statement) return false;
            if (statement.IsTemplate != areTemplates) return reading.Refuse(areTemplates ? "a template has a slot" : "a static policy has no slot");
            if (!Add(statement)) return false;
            reading.Leave();
        }

        reading.Leave();
        return true;
    }

    private bool Links(JsonElement root)
    {
        if (!root.TryGetProperty("templateLinks", out JsonElement links)) return true;
        reading.Enter("templateLinks");
        if (links.ValueKind != JsonValueKind.Array) return reading.Refuse("expected an array");
        int index = 0;
        foreach (JsonElement link in links.EnumerateArray())
        {
            reading.Enter(index++);
            if (!Link(link)) return false;
            reading.Leave();
        }

        reading.Leave();
        return true;
    }

    private bool Link(JsonElement link)
    {
        if (link.ValueKind != JsonValueKind.Object || !link.TryGetProperty("templateId", out JsonElement of) || !link.TryGetProperty("newId", out JsonElement named)
            || !link.TryGetProperty("values", out JsonElement values) || values.ValueKind != JsonValueKind.Object)
        {
            return reading.Refuse("expected an object with templateId, newId and values");
        }

        if (!reading.TryText(of, out string? templateId) || !reading.TryText(named, out string? id)) return false;
        if (!_read.TryGetValue(templateId, out PolicyStatement? template) || !template.IsTemplate) return reading.Refuse($"there is no template {StringEscape.Quote(templateId)}");
        if (!TryValue(values, "?principal", out EntityUid? principal) || !TryValue(values, "?resource", out EntityUid? resource)) return false;
        bool fits = (PolicyStatement.SlotOf(template.Principal) is null) == (principal is null) && (PolicyStatement.SlotOf(template.Resource) is null) == (resource is null);
        return fits ? Add(template.Link(id, principal, resource)) : reading.Refuse("the values are not those of the template's slots");
    }

    private bool TryValue(JsonElement values, string slot, out EntityUid? uid)
    {
        uid = null;
        return !values.TryGetProperty(slot, out JsonElement value) || _values.TryUid(value, out uid);
    }

    private bool Add(PolicyStatement statement)
    {
        if (!_read.TryAdd(statement.Id, statement)) return reading.Refuse($"two policies have the id {StringEscape.Quote(statement.Id)}");
        _inOrder.Add(statement);
        return true;
    }
}
