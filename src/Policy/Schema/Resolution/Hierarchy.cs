using System.Collections.Frozen;

namespace Spiffe.Agent.Policy.Schema.Resolution;

/// <summary>All ancestors and all descendants of everything in a hierarchy, from the direct parents of each. What is in a circle is its own ancestor.</summary>
internal sealed class Hierarchy<T>
    where T : class, IEquatable<T>
{
    private readonly Dictionary<T, HashSet<T>> _ancestors = [];
    private readonly Dictionary<T, HashSet<T>> _descendants = [];

    private Hierarchy()
    {
    }

    /// <summary>False where the pairs of members and ancestors are more than <paramref name="budget"/>, from which they are taken.</summary>
    public static bool TryBuild(IReadOnlyDictionary<T, IReadOnlyCollection<T>> parents, ref int budget, out Hierarchy<T> hierarchy)
    {
        hierarchy = new Hierarchy<T>();
        foreach (T member in parents.Keys)
            if (!hierarchy.TryAdd(member, parents, ref budget)) return false;
        return true;
    }

    public FrozenSet<T> AncestorsOf(T member) => Frozen(_ancestors, member);

    public FrozenSet<T> DescendantsOf(T member) => Frozen(_descendants, member);

    /// <summary>The set for that member; strings compare by their text, whatever the culture.</summary>
    private static FrozenSet<T> Frozen(Dictionary<T, HashSet<T>> sets, T member) => sets.TryGetValue(member, out HashSet<T>? set) ? set.ToFrozenSet() : [];

    private bool TryAdd(T member, IReadOnlyDictionary<T, IReadOnlyCollection<T>> parents, ref int budget)
    {
        HashSet<T> ancestors = [];
        Stack<T> open = new([member]);
        while (open.TryPop(out T? next))
        {
            if (!parents.TryGetValue(next, out IReadOnlyCollection<T>? direct)) continue;
            foreach (T parent in direct)
            {
                if (!ancestors.Add(parent)) continue;
                if (--budget < 0) return false;
                open.Push(parent);
                if (!_descendants.TryGetValue(parent, out HashSet<T>? below)) _descendants.Add(parent, below = []);
                below.Add(member);
            }
        }

        _ancestors.Add(member, ancestors);
        return true;
    }
}
