using System.Collections.Immutable;
using Spiffe.Agent.Policy.Schema.Declarations;
using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Schema.Resolution;

/// <summary>
/// Every name that a schema declares, and what a name written in a namespace refers to: first the declaration in that namespace, then the one outside of all;
/// at each of these a common type before an entity type. Cedar RFCs 24 and 70.
/// </summary>
internal sealed partial class NameTable
{
    private readonly Dictionary<string, DeclaredName> _entityTypes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeclaredName> _commonTypes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CedarType> _builtIns = new(StringComparer.Ordinal);
    private readonly Dictionary<EntityUid, DeclaredAction> _actions = [];
    private readonly HashSet<string> _actionTypes = new(StringComparer.Ordinal);
    private readonly SchemaNotices _notices;

    public NameTable(ImmutableArray<DeclaredNamespace> namespaces, SchemaNotices notices)
    {
        _notices = notices;
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (DeclaredNamespace declared in namespaces)
        {
            if (!names.Add(declared.Name.Text)) notices.Error($"namespace {declared.Name.Text} is declared twice", declared.Name.Span);
            if (SchemaNames.IsReserved(declared.Name.Text)) notices.Error($"{SchemaNames.Reserved} is reserved", declared.Name.Span);
            AddEntityTypes(declared);
            AddCommonTypes(declared);
            AddActions(declared);
        }

        RefuseShadowing();
        AddBuiltIns();
    }

    /// <summary>The type of an action that is declared in a namespace.</summary>
    public static string ActionTypeIn(DeclaredNamespace declared) => declared.Qualify(SchemaNames.Action);

    /// <summary>What the name refers to, or null, which has been reported.</summary>
    public NameResolution? Resolve(DeclaredName name, DeclaredNamespace from, ReferenceKind kind)
    {
        foreach (string candidate in Candidates(name, from))
        {
            if (kind != ReferenceKind.EntityType && _builtIns.TryGetValue(candidate, out CedarType? builtIn)) return new NameResolution(candidate, builtIn, false);
            if (kind != ReferenceKind.EntityType && _commonTypes.ContainsKey(candidate)) return new NameResolution(candidate, null, true);
            if (kind != ReferenceKind.CommonType && IsEntityType(candidate)) return new NameResolution(candidate, null, false);
        }

        string wanted = kind switch
        {
            ReferenceKind.CommonType => "common type",
            ReferenceKind.EntityType => "entity type",
            _ => "type",
        };
        _notices.Error($"no {wanted} {name.Text} is declared", name.Span);
        return null;
    }

    /// <summary>The common type that the name refers to, or null where it refers to something else or to nothing. Reports nothing.</summary>
    public string? FindCommonType(DeclaredName name, DeclaredNamespace from, ReferenceKind kind)
    {
        if (kind == ReferenceKind.EntityType) return null;
        foreach (string candidate in Candidates(name, from))
        {
            if (_builtIns.ContainsKey(candidate)) return null;
            if (_commonTypes.ContainsKey(candidate)) return candidate;
            if (kind == ReferenceKind.Either && IsEntityType(candidate)) return null;
        }

        return null;
    }

    /// <summary>The action that the name refers to, or null, which has been reported.</summary>
    public EntityUid? Resolve(DeclaredActionName name, DeclaredNamespace from)
    {
        foreach (string type in Candidates(name.Type ?? new DeclaredName(SchemaNames.Action, name.Span), from))
        {
            EntityUid uid = new(type, name.Id);
            if (_actions.ContainsKey(uid)) return uid;
        }

        _notices.Error($"no action {new EntityUid(name.Type?.Text ?? SchemaNames.Action, name.Id)} is declared", name.Span);
        return null;
    }

    private static string[] Candidates(DeclaredName name, DeclaredNamespace from) =>
        name.IsQualified || from.Name.Text.Length == 0 ? [name.Text] : [from.Qualify(name.Text), name.Text];

    private bool IsEntityType(string name) => _entityTypes.ContainsKey(name) || _actionTypes.Contains(name);
}
