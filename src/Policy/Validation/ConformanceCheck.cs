using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>Whether values are of the types that a schema gives them. Goes no deeper than the type does.</summary>
internal sealed class ConformanceCheck(PolicySchema schema, ConformanceFaults faults)
{
    /// <summary>Names of entities of enumerated types must be listed, and those of actions declared. Other types are the caller's to check.</summary>
    public void Name(EntityUid uid, string where)
    {
        if (Names.IsActionType(uid.Type) && schema.FindAction(uid) is null) faults.Add(where, $"action {uid} is not declared");
        else if (schema.FindEntityType(uid.Type) is { Ids: { } ids } && !ids.Contains(uid.Id)) faults.Add(where, $"entity type {uid.Type} has no entity {StringEscape.Quote(uid.Id)}");
    }

    /// <summary>All required attributes are there, and no others than declared ones.</summary>
    public void Record(ValueRecord record, RecordType type, string where)
    {
        foreach (RecordAttribute attribute in type.Attributes)
        {
            if (faults.IsFull) return;
            if (record.TryGet(attribute.Name, out Value value)) Value(value, attribute.Type, $"{where}.{attribute.Name}");
            else if (attribute.IsRequired) faults.Add(where, $"attribute {StringEscape.Quote(attribute.Name)} is missing");
        }

        foreach (string name in record.Names)
            if (type.Find(name) is null) faults.Add(where, $"attribute {StringEscape.Quote(name)} is not declared");
    }

    /// <summary>The value is of that type.</summary>
    public void Value(Value value, CedarType type, string where)
    {
        if (faults.IsFull) return;
        if (type is RecordType record && value.TryGet(out ValueRecord? fields)) Record(fields, record, where);
        else if (type is SetType set && value.TryGet(out ValueSet? elements)) Elements(elements, set.Element, where);
        else if (type is EntityReferenceType entity && value.TryGet(out EntityUid? uid) && string.Equals(uid.Type, entity.Name, StringComparison.Ordinal)) Name(uid, where);
        else if (!IsPlain(value.Kind, type)) faults.Add(where, $"{type} is expected");
    }

    private static bool IsPlain(ValueKind kind, CedarType type) => type switch
    {
        BooleanType => kind == ValueKind.Boolean,
        LongType => kind == ValueKind.Long,
        StringType => kind == ValueKind.String,
        ExtensionValueType { Extension: ExtensionType.Decimal } => kind == ValueKind.Decimal,
        ExtensionValueType { Extension: ExtensionType.IpAddress } => kind == ValueKind.IpAddress,
        ExtensionValueType { Extension: ExtensionType.Datetime } => kind == ValueKind.Datetime,
        ExtensionValueType { Extension: ExtensionType.Duration } => kind == ValueKind.Duration,
        _ => false,
    };

    private void Elements(ValueSet elements, CedarType type, string where)
    {
        foreach (Value element in elements)
        {
            if (faults.IsFull) return;
            Value(element, type, $"{where}[]");
        }
    }
}
