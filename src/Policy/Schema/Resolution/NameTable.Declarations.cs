using Spiffe.Agent.Policy.Schema.Declarations;
using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Schema.Resolution;

/// <content>Which names may be declared.</content>
internal sealed partial class NameTable
{
    private void AddEntityTypes(DeclaredNamespace declared)
    {
        foreach (DeclaredName name in declared.Entities.Select(entity => entity.Name))
        {
            RefuseReserved(name);
            if (string.Equals(name.Text, SchemaNames.Action, StringComparison.Ordinal)) _notices.Error("entity type Action cannot be declared: actions are of that type", name.Span);
            if (!_entityTypes.TryAdd(declared.Qualify(name.Text), name)) _notices.Error($"entity type {name.Text} is declared twice", name.Span);
        }
    }

    private void AddCommonTypes(DeclaredNamespace declared)
    {
        foreach (DeclaredName name in declared.CommonTypes.Select(common => common.Name))
        {
            RefuseReserved(name);
            if (SchemaNames.IsTypeWord(name.Text)) _notices.Error($"a common type cannot be called {name.Text}", name.Span);
            if (!_commonTypes.TryAdd(declared.Qualify(name.Text), name)) _notices.Error($"common type {name.Text} is declared twice", name.Span);
            if (_entityTypes.ContainsKey(declared.Qualify(name.Text))) _notices.Warning($"common type {name.Text} hides the entity type of that name", name.Span);
        }
    }

    private void AddActions(DeclaredNamespace declared)
    {
        string type = ActionTypeIn(declared);
        foreach (DeclaredAction action in declared.Actions)
        {
            if (!_actions.TryAdd(new EntityUid(type, action.Id), action)) _notices.Error($"action {StringEscape.Quote(action.Id)} is declared twice", action.Span);
            _actionTypes.Add(type);
        }
    }

    private void RefuseReserved(DeclaredName name)
    {
        if (SchemaNames.IsReserved(name.Text)) _notices.Error($"{SchemaNames.Reserved} is reserved", name.Span);
    }

    /// <summary>Nothing outside of all namespaces may have the name of something inside of one: a reference could mean either. Cedar RFC 70.</summary>
    private void RefuseShadowing()
    {
        ILookup<bool, KeyValuePair<string, DeclaredName>> types = _entityTypes.Concat(_commonTypes).ToLookup(entry => entry.Key.Contains("::", StringComparison.Ordinal));
        HashSet<string> inside = types[true].Select(entry => SchemaNames.BaseName(entry.Key)).ToHashSet(StringComparer.Ordinal);
        foreach ((string name, DeclaredName declared) in types[false])
            if (inside.Contains(name)) _notices.Error($"type {name} is declared outside of all namespaces and again inside of one", declared.Span);

        HashSet<string> ids = _actions.Keys.Where(IsInNamespace).Select(uid => uid.Id).ToHashSet(StringComparer.Ordinal);
        foreach ((EntityUid uid, DeclaredAction action) in _actions)
            if (!IsInNamespace(uid) && ids.Contains(uid.Id)) _notices.Error($"action {StringEscape.Quote(uid.Id)} is declared outside of all namespaces and again inside of one", action.Span);
    }

    private static bool IsInNamespace(EntityUid action) => !string.Equals(action.Type, SchemaNames.Action, StringComparison.Ordinal);

    /// <summary><c>__cedar::Bool</c> always names the built-in type; <c>Bool</c> does where nothing outside of all namespaces is called that.</summary>
    private void AddBuiltIns()
    {
        foreach (CedarType type in ExtensionValueType.All.Concat<CedarType>([BooleanType.Any, LongType.Instance, StringType.Instance]))
        {
            string name = type.ToString();
            _builtIns.Add($"{SchemaNames.Reserved}::{name}", type);
            if (!_entityTypes.TryGetValue(name, out DeclaredName hidden) && !_commonTypes.TryGetValue(name, out hidden)) _builtIns.Add(name, type);
            else _notices.Warning($"{name} hides the built-in type of that name", hidden.Span);
        }
    }
}
