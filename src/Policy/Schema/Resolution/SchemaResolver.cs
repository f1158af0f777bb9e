using System.Collections.Frozen;
using System.Collections.Immutable;
using Spiffe.Agent.Policy.Schema.Declarations;
using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Schema.Resolution;

/// <summary>Makes a schema of declarations, or says everything that keeps it from being one.</summary>
internal sealed class SchemaResolver
{
    private readonly ImmutableArray<DeclaredNamespace> _namespaces;
    private readonly SchemaNotices _notices;
    private readonly NameTable _names;
    private readonly TypeResolver _types;
    private int _hierarchyBudget = SchemaLimits.MaxHierarchySize;

    private SchemaResolver(ImmutableArray<DeclaredNamespace> namespaces, SchemaNotices notices)
    {
        _namespaces = namespaces;
        _notices = notices;
        _names = new NameTable(namespaces, notices);
        _types = new TypeResolver(_names, notices);
        _types.AddCommonTypes(namespaces);
    }

    public static SchemaReading Resolve(ImmutableArray<DeclaredNamespace> namespaces, SchemaNotices notices)
    {
        SchemaResolver resolver = new(namespaces, notices);
        ImmutableArray<SchemaEntityType> entityTypes = resolver.EntityTypes();
        ImmutableArray<SchemaAction> actions = resolver.Actions();
        return notices.HasErrors ? notices.Close(null) : notices.Close(new PolicySchema(entityTypes, actions));
    }

    private ImmutableArray<SchemaEntityType> EntityTypes()
    {
        Dictionary<string, IReadOnlyCollection<string>> parents = new(StringComparer.Ordinal);
        List<SchemaEntityType> types = [];
        foreach (DeclaredNamespace declared in _namespaces)
            foreach (DeclaredEntity entity in declared.Entities)
            {
                string name = declared.Qualify(entity.Name.Text);
                RecordType? attributes = _types.ResolveRecord(entity.Shape, declared, $"the shape of entity type {entity.Name.Text}");
                CedarType? tags = entity.Tags is { } tag ? _types.Resolve(tag, declared) : null;
                FrozenSet<string>? ids = entity.Ids?.ToFrozenSet(StringComparer.Ordinal);
                parents[name] = EntityNames(entity.Parents, declared);
                if (attributes is not null) types.Add(new SchemaEntityType(name, attributes, tags, ids, [], []));
            }

        if (!Hierarchy<string>.TryBuild(parents, ref _hierarchyBudget, out Hierarchy<string> hierarchy)) RefuseHierarchy();
        return [.. types.Select(type => type with { Ancestors = hierarchy.AncestorsOf(type.Name), Descendants = hierarchy.DescendantsOf(type.Name) })];
    }

    private ImmutableArray<SchemaAction> Actions()
    {
        Dictionary<EntityUid, IReadOnlyCollection<EntityUid>> parents = [];
        List<(SchemaAction Action, SourceSpan Span)> actions = [];
        long environments = 0;
        foreach (DeclaredNamespace declared in _namespaces)
            foreach (DeclaredAction action in declared.Actions)
            {
                EntityUid uid = new(NameTable.ActionTypeIn(declared), action.Id);
                ImmutableArray<string> principals = EntityNames(action.Principals, declared);
                ImmutableArray<string> resources = EntityNames(action.Resources, declared);
                RecordType? context = _types.ResolveRecord(action.Context, declared, $"the context of action {StringEscape.Quote(action.Id)}");
                parents[uid] = [.. action.Parents.Select(parent => _names.Resolve(parent, declared)).OfType<EntityUid>().Distinct()];
                environments += (long)principals.Length * resources.Length;
                if (context is not null) actions.Add((new SchemaAction(uid, principals, resources, context, [], []), action.Span));
            }

        if (environments > SchemaLimits.MaxRequestEnvironments)
            _notices.Error($"actions apply to more than {SchemaLimits.MaxRequestEnvironments} pairs of a principal type and a resource type", default);
        if (!Hierarchy<EntityUid>.TryBuild(parents, ref _hierarchyBudget, out Hierarchy<EntityUid> hierarchy)) RefuseHierarchy();
        foreach ((SchemaAction action, SourceSpan span) in actions)
            if (hierarchy.AncestorsOf(action.Uid).Contains(action.Uid)) _notices.Error($"action {StringEscape.Quote(action.Uid.Id)} is in itself", span);
        return [.. actions.Select(entry => entry.Action with { Ancestors = hierarchy.AncestorsOf(entry.Action.Uid), Descendants = hierarchy.DescendantsOf(entry.Action.Uid) })];
    }

    /// <summary>Full names of entity types, each once. The type of an action is none: actions are neither principals nor resources nor parents of entities.</summary>
    private ImmutableArray<string> EntityNames(ImmutableArray<DeclaredName> names, DeclaredNamespace from)
    {
        List<string> resolved = new(names.Length);
        foreach (DeclaredName name in names)
        {
            if (_names.Resolve(name, from, ReferenceKind.EntityType) is not { } resolution) continue;
            if (Names.IsActionType(resolution.Name)) _notices.Error($"{name.Text} is the type of actions and cannot stand here", name.Span);
            resolved.Add(resolution.Name);
        }

        return [.. resolved.Distinct(StringComparer.Ordinal)];
    }

    private void RefuseHierarchy() =>
        _notices.Error($"entity types and actions have more than {SchemaLimits.MaxHierarchySize} ancestors in all", default);
}
