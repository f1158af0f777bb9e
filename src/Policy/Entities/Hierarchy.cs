using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Entities;

/// <summary>Finds all that is above each entity, once for each, without recursion.</summary>
internal sealed class Hierarchy(Dictionary<EntityUid, EntityData> entities)
{
    private readonly Dictionary<EntityUid, HashSet<EntityUid>> _closed = new(entities.Count);
    private long _looks;

    public bool TryClose([NotNullWhen(true)] out Dictionary<EntityUid, HashSet<EntityUid>>? ancestors, [NotNullWhen(false)] out string? error)
    {
        ancestors = null;
        error = null;
        HashSet<EntityUid> open = [];
        Stack<EntityUid> path = new();
        foreach (EntityUid start in entities.Keys)
        {
            path.Push(start);
            while (path.TryPeek(out EntityUid? uid))
            {
                if (_closed.ContainsKey(uid))
                {
                    path.Pop();
                    continue;
                }

                open.Add(uid);
                if (PushParents(uid, path, open, ref error)) continue;
                if (error is not null || (error = Finish(uid)) is not null) return false;
                open.Remove(uid);
                path.Pop();
            }
        }

        ancestors = _closed;
        return true;
    }

    /// <summary>Puts the parents that are not closed yet on the path; false where there are none, or one is below itself.</summary>
    private bool PushParents(EntityUid uid, Stack<EntityUid> path, HashSet<EntityUid> open, ref string? error)
    {
        bool pushed = false;
        foreach (EntityUid parent in entities[uid].Parents)
        {
            if (_closed.ContainsKey(parent) || !entities.ContainsKey(parent)) continue;
            if (open.Contains(parent))
            {
                error = $"the entity {parent} is above itself";
                return false;
            }

            path.Push(parent);
            pushed = true;
        }

        return pushed;
    }

    /// <summary>Closes an entity whose parents are closed; the limit that was passed, or null.</summary>
    private string? Finish(EntityUid uid)
    {
        HashSet<EntityUid> above = [];
        foreach (EntityUid parent in entities[uid].Parents)
        {
            _looks++;
            above.Add(parent);
            if (!_closed.TryGetValue(parent, out HashSet<EntityUid>? further)) continue;
            _looks += further.Count;
            if (_looks > EntityLimits.MaxAncestry) break;
            above.UnionWith(further);
        }

        if (_looks > EntityLimits.MaxAncestry) return "the hierarchy of entities has more than 16 Mi pairs of an entity and one above it";
        _closed[uid] = above;
        return null;
    }
}
