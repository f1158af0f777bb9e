using Spiffe.Agent.Policy.Schema.Declarations;
using Spiffe.Agent.Policy.Schema.Types;

namespace Spiffe.Agent.Policy.Schema.Resolution;

/// <summary>Turns types as written into types: names become what they stand for. Common types go first, each after those that it names.</summary>
internal sealed class TypeResolver(NameTable names, SchemaNotices notices)
{
    private readonly Dictionary<string, CedarType?> _commonTypes = new(StringComparer.Ordinal);

    /// <summary>Must be called once, before any <see cref="Resolve"/>.</summary>
    public void AddCommonTypes(IEnumerable<DeclaredNamespace> namespaces)
    {
        CommonTypeOrder order = new(namespaces, names);
        foreach (CommonTypeNode node in order.Sorted) _commonTypes[node.Name] = Resolve(node.Declared.Type, node.Namespace);
        foreach (CommonTypeNode node in order.Cyclic)
        {
            _commonTypes[node.Name] = null;
            notices.Error($"common type {node.Declared.Name.Text} contains itself, or names one that does", node.Declared.Name.Span);
        }
    }

    /// <summary>The type, or null where something in it is wrong, which has been reported.</summary>
    public CedarType? Resolve(DeclaredType declared, DeclaredNamespace from)
    {
        CedarType? type = declared switch
        {
            DeclaredBuiltIn builtIn => builtIn.Type,
            DeclaredReference reference => Named(reference, from),
            DeclaredSet set => Resolve(set.Element, from) is { } element ? new SetType(element) : null,
            DeclaredRecord record => Record(record, from),
            _ => throw new ArgumentOutOfRangeException(nameof(declared)),
        };
        return type is null || IsWithinLimits(type, declared) ? type : null;
    }

    /// <summary>The record type, or null where something is wrong or it is no record, which has been reported.</summary>
    public RecordType? ResolveRecord(DeclaredType declared, DeclaredNamespace from, string what)
    {
        CedarType? type = Resolve(declared, from);
        if (type is not null and not RecordType) notices.Error($"{what} must be a record", declared.Span);
        return type as RecordType;
    }

    private CedarType? Named(DeclaredReference reference, DeclaredNamespace from) => names.Resolve(reference.Name, from, reference.Kind) switch
    {
        null => null,
        { BuiltIn: { } builtIn } => builtIn,
        { IsCommonType: true } common => _commonTypes[common.Name],
        var entity => new EntityReferenceType(entity.Name),
    };

    private RecordType? Record(DeclaredRecord record, DeclaredNamespace from)
    {
        List<RecordAttribute> attributes = new(record.Fields.Length);
        foreach (DeclaredField field in record.Fields)
            if (Resolve(field.Type, from) is { } type) attributes.Add(new RecordAttribute(field.Name, type, field.IsRequired));
        return attributes.Count == record.Fields.Length ? RecordType.Of(attributes) : null;
    }

    private bool IsWithinLimits(CedarType type, DeclaredType declared)
    {
        if (type.Depth > SchemaLimits.MaxTypeDepth) notices.Error($"a type is at most {SchemaLimits.MaxTypeDepth} types deep", declared.Span);
        else if (type.Size > SchemaLimits.MaxTypeSize) notices.Error($"a type has at most {SchemaLimits.MaxTypeSize} parts", declared.Span);
        else return true;
        return false;
    }
}
