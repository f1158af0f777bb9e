using System.Collections.Immutable;
using System.Text.Json;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Json;

/// <summary>Reads a policy or template; null where one was refused. Cedar docs, "JSON policy format".</summary>
internal sealed class PolicyReader(JsonReading reading)
{
    private readonly ValueReader _values = new(reading);
    private readonly ExpressionReader _expressions = new(reading);

    public PolicyStatement? Statement(JsonElement element, string id)
    {
        if (!TryMember(element, "effect", out JsonElement word) || !reading.TryText(word, out string? effect)) return null;
        if (effect is not ("permit" or "forbid")) return Refused<PolicyStatement>("expected permit or forbid");
        reading.Leave();
        if (Constraint(element, "principal", PolicySlot.Principal) is not { } principal) return null;
        if (Constraint(element, "action", null) is not { } action) return null;
        if (Constraint(element, "resource", PolicySlot.Resource) is not { } resource) return null;
        if (Conditions(element) is not { } conditions || Annotations(element) is not { } annotations) return null;
        return new PolicyStatement(id, effect is "permit" ? PolicyEffect.Permit : PolicyEffect.Forbid, annotations, principal, action, resource, conditions, default);
    }

    private ScopeConstraint? Constraint(JsonElement element, string variable, PolicySlot? slot)
    {
        if (!TryMember(element, variable, out JsonElement content) || !TryMember(content, "op", out JsonElement op) || !reading.TryText(op, out string? name)) return null;
        reading.Leave();
        bool isAction = slot is null;
        ScopeConstraint? constraint = name switch
        {
            "All" => new AnyConstraint(default(SourceSpan)),
            "==" => Reference(content, slot) is { } equal ? new EqualConstraint(equal, default) : null,
            "in" when isAction && content.TryGetProperty("entities", out JsonElement several) => Group(several),
            "in" => Reference(content, slot) is { } within ? new InConstraint(within, default) : null,
            "is" when !isAction => Type(content, slot),
            _ => Refused<ScopeConstraint>("there is no such operator here"),
        };
        if (constraint is not null) reading.Leave();
        return constraint;
    }

    private IsConstraint? Type(JsonElement content, PolicySlot? slot)
    {
        if (!TryMember(content, "entity_type", out JsonElement element) || !reading.TryText(element, out string? type)) return null;
        if (!Names.IsPath(type)) return Refused<IsConstraint>($"{StringEscape.Quote(type)} is no name of a type");
        reading.Leave();
        if (!content.TryGetProperty("in", out JsonElement container)) return new IsConstraint(type, null, default);
        return Reference(container, slot) is { } within ? new IsConstraint(type, within, default) : null;
    }

    private InSetConstraint? Group(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array) return Refused<InSetConstraint>("expected an array of entities");
        if (element.GetArrayLength() > ValueLimits.MaxElements) return Refused<InSetConstraint>("a set has at most 100,000 elements");
        ImmutableArray<EntityUid>.Builder entities = ImmutableArray.CreateBuilder<EntityUid>();
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (!_values.TryUid(item, out EntityUid? uid)) return null;
            if (!Names.IsActionType(uid.Type)) return Refused<InSetConstraint>("expected an entity of a type Action");
            entities.Add(uid);
        }

        return new InSetConstraint(entities.ToImmutable(), default);
    }

    private EntityReference? Reference(JsonElement content, PolicySlot? slot)
    {
        if (content.ValueKind == JsonValueKind.Object && content.TryGetProperty("entity", out JsonElement entity))
        {
            if (!_values.TryUid(entity, out EntityUid? uid)) return null;
            if (slot is null && !Names.IsActionType(uid.Type)) return Refused<EntityReference>("expected an entity of a type Action");
            return EntityReference.To(uid, default);
        }

        string expected = slot == PolicySlot.Principal ? "?principal" : "?resource";
        if (slot is not { } allowed || content.ValueKind != JsonValueKind.Object || !content.TryGetProperty("slot", out JsonElement name)) return Refused<EntityReference>("expected an entity");
        return name.ValueKind == JsonValueKind.String && name.ValueEquals(expected) ? EntityReference.To(allowed, default) : Refused<EntityReference>($"expected {expected}");
    }

    private ImmutableArray<PolicyCondition>? Conditions(JsonElement element)
    {
        ImmutableArray<PolicyCondition>.Builder conditions = ImmutableArray.CreateBuilder<PolicyCondition>();
        if (!TryMember(element, "conditions", out JsonElement all)) return null;
        if (all.ValueKind != JsonValueKind.Array) return RefusedAll<PolicyCondition>("expected an array of conditions");
        foreach (JsonElement item in all.EnumerateArray())
        {
            reading.Enter(conditions.Count);
            if (!TryMember(item, "kind", out JsonElement word) || !reading.TryText(word, out string? kind)) return null;
            if (kind is not ("when" or "unless")) return RefusedAll<PolicyCondition>("expected when or unless");
            reading.Leave();
            if (!TryMember(item, "body", out JsonElement body) || _expressions.Read(body) is not { } expression) return null;
            reading.Leave();
            reading.Leave();
            conditions.Add(new PolicyCondition(kind is "when" ? ConditionKind.When : ConditionKind.Unless, expression, default));
        }

        reading.Leave();
        return conditions.ToImmutable();
    }

    private ImmutableArray<PolicyAnnotation>? Annotations(JsonElement element)
    {
        if (!element.TryGetProperty("annotations", out JsonElement all)) return [];
        if (all.ValueKind != JsonValueKind.Object) return RefusedAll<PolicyAnnotation>("expected an object of annotations");
        ImmutableArray<PolicyAnnotation>.Builder annotations = ImmutableArray.CreateBuilder<PolicyAnnotation>();
        foreach (JsonProperty property in all.EnumerateObject())
        {
            if (!Names.IsWord(property.Name)) return RefusedAll<PolicyAnnotation>($"{StringEscape.Quote(property.Name)} is no name of an annotation");
            if (property.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)) return RefusedAll<PolicyAnnotation>("an annotation is a string or null");
            annotations.Add(new PolicyAnnotation(property.Name, property.Value.GetString(), default));
        }

        return annotations.ToImmutable();
    }

    private bool TryMember(JsonElement element, string name, out JsonElement member)
    {
        member = default;
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out member)) return reading.Refuse($"expected an object with {name}");
        reading.Enter(name);
        return true;
    }

    private T? Refused<T>(string message)
        where T : class
    {
        reading.Refuse(message);
        return null;
    }

    private ImmutableArray<T>? RefusedAll<T>(string message)
    {
        reading.Refuse(message);
        return null;
    }
}
