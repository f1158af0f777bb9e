using System.Collections.Immutable;
using System.Text.Json;
using Spiffe.Agent.Policy.Schema.Declarations;
using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Json;

/// <content>Types.</content>
internal sealed partial class JsonSchemaReader
{
    /// <summary><c>{ "type": "Long" }</c> and its like.</summary>
    /// <param name="value">The object.</param>
    /// <param name="nesting">How many types it stands within.</param>
    /// <param name="others">Keys that may stand beside the type's own.</param>
    private DeclaredType? Type(SpannedJson value, int nesting, params ReadOnlySpan<string> others)
    {
        if (nesting >= SchemaLimits.MaxNesting)
        {
            notices.Error($"types stand within each other at most {SchemaLimits.MaxNesting} deep", value.Span);
            return null;
        }

        if (!IsObject(value, "a type")) return null;
        if (others.Contains("annotations")) Annotations(value);
        if (Find(value, "type", required: true) is not { } kind || Text(kind, "a type's name") is not { } name) return null;
        RefuseOthers(value, ["type", .. OwnKeys(name), .. others]);
        return name switch
        {
            "String" => new DeclaredBuiltIn(StringType.Instance, kind.Span),
            "Long" => new DeclaredBuiltIn(LongType.Instance, kind.Span),
            "Boolean" => new DeclaredBuiltIn(BooleanType.Any, kind.Span),
            "Set" => Set(value, nesting),
            "Record" => Record(value, nesting),
            "Entity" => Named(value, ReferenceKind.EntityType),
            "EntityOrCommon" => Named(value, ReferenceKind.Either),
            "Extension" => Extension(value),
            _ => Path(kind) is { } path ? new DeclaredReference(path, ReferenceKind.CommonType) : null,
        };
    }

    private static string[] OwnKeys(string type) => type switch
    {
        "Set" => ["element"],
        "Record" => ["attributes", "additionalAttributes"],
        "Entity" or "EntityOrCommon" or "Extension" => ["name"],
        _ => [],
    };

    private DeclaredSet? Set(SpannedJson value, int nesting) =>
        Find(value, "element", required: true) is { } element && Type(element, nesting + 1) is { } type ? new DeclaredSet(type, value.Span) : null;

    private DeclaredRecord? Record(SpannedJson value, int nesting)
    {
        if (value.Find("additionalAttributes") is { Kind: not JsonValueKind.False } open) notices.Error("records with additional attributes are not part of the language", open.Span);
        ImmutableArray<SpannedMember> members = MembersOf(value, "attributes", required: true);
        ImmutableArray<DeclaredField>.Builder fields = ImmutableArray.CreateBuilder<DeclaredField>(members.Length);
        foreach (SpannedMember member in members)
            if (Field(member, nesting) is { } field) fields.Add(field);
        return fields.Count == members.Length ? new DeclaredRecord(fields.ToImmutable(), value.Span) : null;
    }

    private DeclaredField? Field(SpannedMember member, int nesting)
    {
        if (Type(member.Value, nesting + 1, "required", "annotations") is not { } type) return null;
        SpannedJson? required = member.Value.Find("required");
        if (required is { Kind: not (JsonValueKind.True or JsonValueKind.False) }) notices.Error("required must be true or false", required.Span);
        return new DeclaredField(member.Name, type, required is not { Kind: JsonValueKind.False }, member.NameSpan);
    }

    private DeclaredReference? Named(SpannedJson value, ReferenceKind kind) =>
        Find(value, "name", required: true) is { } name && Path(name) is { } path ? new DeclaredReference(path, kind) : null;

    private DeclaredBuiltIn? Extension(SpannedJson value)
    {
        if (Find(value, "name", required: true) is not { } name || Text(name, "an extension type's name") is not { } text) return null;
        ExtensionValueType? type = ExtensionValueType.All.FirstOrDefault(type => string.Equals(type.ToString(), text, StringComparison.Ordinal));
        if (type is not null) return new DeclaredBuiltIn(type, value.Span);
        notices.Error($"no extension type {StringEscape.Quote(text)} is known", name.Span);
        return null;
    }
}
