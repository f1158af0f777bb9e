using System.Collections.Immutable;
using System.Text.Json;
using Spiffe.Agent.Policy.Schema.Declarations;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Json;

/// <summary>
/// Reads the JSON form of schemas. It knows every key and refuses others, so a misspelt key is no silent gap. A method that returns null has reported why.
/// Cedar docs, "JSON schema format".
/// </summary>
internal sealed partial class JsonSchemaReader(SchemaNotices notices)
{
    /// <summary>What the text declares; what could not be read is missing and reported.</summary>
    public static ImmutableArray<DeclaredNamespace> Read(string json, SchemaNotices notices)
    {
        if (json.Length > SchemaLimits.MaxSourceLength)
        {
            notices.Error($"a schema has at most {SchemaLimits.MaxSourceLength} characters", new SourceSpan(0, 0));
            return [];
        }

        return SpannedJsonReader.Read(json, notices) is { } root ? new JsonSchemaReader(notices).Namespaces(root) : [];
    }

    private ImmutableArray<DeclaredNamespace> Namespaces(SpannedJson root)
    {
        if (!IsObject(root, "a schema")) return [];
        ImmutableArray<DeclaredNamespace>.Builder namespaces = ImmutableArray.CreateBuilder<DeclaredNamespace>();
        foreach (SpannedMember member in root.Members)
        {
            if (member.Name.Length > 0 && !SchemaNames.IsPath(member.Name)) notices.Error($"{StringEscape.Quote(member.Name)} is no namespace", member.NameSpan);
            if (IsObject(member.Value, "a namespace")) namespaces.Add(Namespace(new DeclaredName(member.Name, member.NameSpan), member.Value));
        }

        return namespaces.ToImmutable();
    }

    private DeclaredNamespace Namespace(DeclaredName name, SpannedJson declared)
    {
        RefuseOthers(declared, "entityTypes", "actions", "commonTypes", "annotations");
        Annotations(declared);
        ImmutableArray<DeclaredEntity>.Builder entities = ImmutableArray.CreateBuilder<DeclaredEntity>();
        ImmutableArray<DeclaredAction>.Builder actions = ImmutableArray.CreateBuilder<DeclaredAction>();
        ImmutableArray<DeclaredCommonType>.Builder commonTypes = ImmutableArray.CreateBuilder<DeclaredCommonType>();
        foreach (SpannedMember member in MembersOf(declared, "entityTypes", required: true))
            if (Identifier(member) is { } entityName && Entity(entityName, member.Value) is { } entity) entities.Add(entity);
        foreach (SpannedMember member in MembersOf(declared, "actions", required: true))
            if (Action(member) is { } action) actions.Add(action);
        foreach (SpannedMember member in MembersOf(declared, "commonTypes", required: false))
            if (Identifier(member) is { } typeName && Type(member.Value, 0, "annotations") is { } type) commonTypes.Add(new DeclaredCommonType(typeName, type));
        return new DeclaredNamespace(name, entities.ToImmutable(), actions.ToImmutable(), commonTypes.ToImmutable());
    }

    private DeclaredName? Identifier(SpannedMember member)
    {
        if (SchemaNames.IsIdentifier(member.Name)) return new DeclaredName(member.Name, member.NameSpan);
        notices.Error($"{StringEscape.Quote(member.Name)} is no identifier", member.NameSpan);
        return null;
    }

    private DeclaredName? Path(SpannedJson value)
    {
        if (value.Kind == JsonValueKind.String && SchemaNames.IsPath(value.Text)) return new DeclaredName(value.Text, value.Span);
        notices.Error("the name of a type is expected here", value.Span);
        return null;
    }

    private ImmutableArray<DeclaredName> Paths(SpannedJson from, string key, bool required)
    {
        ImmutableArray<DeclaredName>.Builder paths = ImmutableArray.CreateBuilder<DeclaredName>();
        foreach (SpannedJson item in ItemsOf(from, key, required))
            if (Path(item) is { } path) paths.Add(path);
        return paths.ToImmutable();
    }

    /// <summary>They mean nothing to validation and are not kept.</summary>
    private void Annotations(SpannedJson from)
    {
        foreach (SpannedMember member in MembersOf(from, "annotations", required: false))
            if (member.Value.Kind is not (JsonValueKind.String or JsonValueKind.Null)) notices.Error("a string is expected here", member.Value.Span);
    }

    private ImmutableArray<SpannedMember> MembersOf(SpannedJson from, string key, bool required) =>
        Find(from, key, required) is { } value && IsObject(value, key) ? value.Members : [];

    private ImmutableArray<SpannedJson> ItemsOf(SpannedJson from, string key, bool required)
    {
        if (Find(from, key, required) is not { } value) return [];
        if (value.Kind == JsonValueKind.Array) return value.Items;
        notices.Error($"{key} must be an array", value.Span);
        return [];
    }

    private SpannedJson? Find(SpannedJson from, string key, bool required)
    {
        SpannedJson? value = from.Find(key);
        if (value is null && required) notices.Error($"{key} is missing here", from.Span);
        return value;
    }

    private bool IsObject(SpannedJson value, string what)
    {
        if (value.Kind == JsonValueKind.Object) return true;
        notices.Error($"{what} must be an object", value.Span);
        return false;
    }

    private void RefuseOthers(SpannedJson value, params ReadOnlySpan<string> keys)
    {
        foreach (SpannedMember member in value.Members)
            if (!keys.Contains(member.Name)) notices.Error($"key {StringEscape.Quote(member.Name)} is not known here", member.NameSpan);
    }
}
