using System.Collections.Immutable;
using System.Text.Json;
using Spiffe.Agent.Policy.Schema.Declarations;

namespace Spiffe.Agent.Policy.Schema.Json;

/// <content>Entity types and actions.</content>
internal sealed partial class JsonSchemaReader
{
    private DeclaredEntity? Entity(DeclaredName name, SpannedJson declared)
    {
        if (!IsObject(declared, "an entity type")) return null;
        Annotations(declared);
        if (declared.Find("enum") is not null) return EnumeratedEntity(name, declared);

        RefuseOthers(declared, "memberOfTypes", "shape", "tags", "annotations");
        DeclaredType? shape = declared.Find("shape") is { } written ? Type(written, 0) : new DeclaredRecord([], declared.Span);
        DeclaredType? tags = declared.Find("tags") is { } tag ? Type(tag, 0) : null;
        return shape is null ? null : new DeclaredEntity(name, Paths(declared, "memberOfTypes", required: false), shape, tags, null);
    }

    private DeclaredEntity EnumeratedEntity(DeclaredName name, SpannedJson declared)
    {
        RefuseOthers(declared, "enum", "annotations");
        ImmutableArray<string> ids = [.. ItemsOf(declared, "enum", required: true).Select(item => Text(item, "an id")).OfType<string>()];
        if (ids.IsEmpty) notices.Error("an enumerated entity type has at least one entity", declared.Span);
        return new DeclaredEntity(name, [], new DeclaredRecord([], declared.Span), null, ids);
    }

    private DeclaredAction? Action(SpannedMember member)
    {
        SpannedJson declared = member.Value;
        if (!IsObject(declared, "an action")) return null;
        RefuseOthers(declared, "appliesTo", "memberOf", "attributes", "annotations");
        Annotations(declared);
        if (declared.Find("attributes") is { Kind: not JsonValueKind.Null } attributes) notices.Error("actions have no attributes", attributes.Span);

        ImmutableArray<DeclaredActionName>.Builder parents = ImmutableArray.CreateBuilder<DeclaredActionName>();
        if (declared.Find("memberOf") is { Kind: not JsonValueKind.Null })
            foreach (SpannedJson item in ItemsOf(declared, "memberOf", required: true))
                if (ActionName(item) is { } parent) parents.Add(parent);

        DeclaredRecord empty = new([], declared.Span);
        if (declared.Find("appliesTo") is not { Kind: not JsonValueKind.Null } applies) return new DeclaredAction(member.Name, member.NameSpan, parents.ToImmutable(), [], [], empty);
        if (!IsObject(applies, "appliesTo")) return null;
        RefuseOthers(applies, "principalTypes", "resourceTypes", "context");
        DeclaredType? context = applies.Find("context") is { } written ? Type(written, 0) : empty;
        ImmutableArray<DeclaredName> principals = Paths(applies, "principalTypes", required: true);
        ImmutableArray<DeclaredName> resources = Paths(applies, "resourceTypes", required: true);
        return context is null ? null : new DeclaredAction(member.Name, member.NameSpan, parents.ToImmutable(), principals, resources, context);
    }

    private DeclaredActionName? ActionName(SpannedJson value)
    {
        if (!IsObject(value, "a reference to an action")) return null;
        RefuseOthers(value, "id", "type");
        if (Find(value, "id", required: true) is not { } id || Text(id, "an id") is not { } text) return null;
        if (value.Find("type") is not { Kind: not JsonValueKind.Null } type) return new DeclaredActionName(null, text, id.Span);
        return Path(type) is { } path ? new DeclaredActionName(path, text, id.Span) : null;
    }

    private string? Text(SpannedJson value, string what)
    {
        if (value.Kind == JsonValueKind.String) return value.Text;
        notices.Error($"{what} must be a string", value.Span);
        return null;
    }
}
