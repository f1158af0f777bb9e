using System.Collections.Frozen;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Authorization;

/// <summary>
/// Finds the policies whose scope a request may match without looking at the others. Each policy is filed under the one of its demands that the fewest
/// policies make; a request looks into the files of its entities, of all that is above them, and of their types.
/// </summary>
internal sealed class ScopeIndex
{
    private readonly FrozenDictionary<EntityUid, CompiledPolicy[]>[] _byEntity;
    private readonly FrozenDictionary<string, CompiledPolicy[]>[] _byType;
    private readonly CompiledPolicy[] _unscoped;

    public ScopeIndex(IReadOnlyList<(CompiledPolicy Policy, PolicyStatement Statement)> policies)
    {
        Dictionary<ScopeKey, int> uses = [];
        List<ScopeKey[][]> demands = [.. policies.Select(entry => DemandsOf(entry.Statement))];
        foreach (ScopeKey key in demands.SelectMany(all => all).SelectMany(keys => keys)) uses[key] = uses.GetValueOrDefault(key) + 1;

        Dictionary<ScopeKey, List<CompiledPolicy>> files = [];
        for (int i = 0; i < demands.Count; i++)
        {
            ScopeKey[] rarest = demands[i].MinBy(keys => keys.Sum(key => uses[key])) ?? [ScopeKey.Everything];
            foreach (ScopeKey key in rarest) (files.TryGetValue(key, out List<CompiledPolicy>? file) ? file : files[key] = []).Add(policies[i].Policy);
        }

        _unscoped = files.TryGetValue(ScopeKey.Everything, out List<CompiledPolicy>? everything) ? [.. everything] : [];
        _byEntity = [.. from variable in (PolicyVariable[])[PolicyVariable.Principal, PolicyVariable.Action, PolicyVariable.Resource]
                        from kind in (ScopeKeyKind[])[ScopeKeyKind.Equal, ScopeKeyKind.Within]
                        select Part(files, variable, kind).ToFrozenDictionary(file => file.Key.Entity, file => file.Value.ToArray())];
        _byType = [.. from variable in (PolicyVariable[])[PolicyVariable.Principal, PolicyVariable.Resource]
                      select Part(files, variable, ScopeKeyKind.Type).ToFrozenDictionary(file => file.Key.Entity.Type, file => file.Value.ToArray(), StringComparer.Ordinal)];
    }

    /// <summary>Hands the visitor every policy whose scope might match; some of those whose scope does not, and some twice.</summary>
    public void Visit<TVisitor>(ref TVisitor visitor, EntityUid principal, EntityUid action, EntityUid resource, EntityStore entities)
        where TVisitor : struct, IPolicyVisitor, allows ref struct
    {
        visitor.Visit(_unscoped);
        VisitEntity(ref visitor, 0, principal, entities);
        VisitEntity(ref visitor, 2, action, entities);
        VisitEntity(ref visitor, 4, resource, entities);
        if (_byType[0].TryGetValue(principal.Type, out CompiledPolicy[]? file)) visitor.Visit(file);
        if (_byType[1].TryGetValue(resource.Type, out file)) visitor.Visit(file);
    }

    private void VisitEntity<TVisitor>(ref TVisitor visitor, int part, EntityUid uid, EntityStore entities)
        where TVisitor : struct, IPolicyVisitor, allows ref struct
    {
        if (_byEntity[part].TryGetValue(uid, out CompiledPolicy[]? file)) visitor.Visit(file);
        FrozenDictionary<EntityUid, CompiledPolicy[]> within = _byEntity[part + 1];
        if (within.Count == 0) return;
        if (within.TryGetValue(uid, out file)) visitor.Visit(file);
        foreach (EntityUid ancestor in entities.AncestorSetOf(uid))
        {
            if (within.TryGetValue(ancestor, out file)) visitor.Visit(file);
        }
    }

    private static IEnumerable<KeyValuePair<ScopeKey, List<CompiledPolicy>>> Part(
        Dictionary<ScopeKey, List<CompiledPolicy>> files, PolicyVariable variable, ScopeKeyKind kind) =>
        files.Where(file => file.Key.Variable == variable && file.Key.Kind == kind);

    /// <summary>The demands that a scope makes, each as the keys of which one must be met.</summary>
    private static ScopeKey[][] DemandsOf(PolicyStatement statement) =>
    [
        .. DemandsOf(PolicyVariable.Principal, ScopeTest.Of(statement.Principal)),
        .. DemandsOf(PolicyVariable.Action, ScopeTest.Of(statement.Action)),
        .. DemandsOf(PolicyVariable.Resource, ScopeTest.Of(statement.Resource)),
    ];

    private static IEnumerable<ScopeKey[]> DemandsOf(PolicyVariable variable, ScopeTest test)
    {
        if (test.Equal is { } equal) yield return [new ScopeKey(variable, ScopeKeyKind.Equal, equal)];
        if (test.Within is { } within) yield return [.. within.Distinct().Select(container => new ScopeKey(variable, ScopeKeyKind.Within, container))];
        if (test.Type is { } type) yield return [new ScopeKey(variable, ScopeKeyKind.Type, new EntityUid(type, ""))];
    }
}
