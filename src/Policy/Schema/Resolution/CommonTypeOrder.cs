using Spiffe.Agent.Policy.Schema.Declarations;

namespace Spiffe.Agent.Policy.Schema.Resolution;

/// <summary>Puts common types in an order in which each stands behind those that it names (Kahn's algorithm: no recursion, linear in the schema).</summary>
internal sealed class CommonTypeOrder
{
    private readonly Dictionary<string, CommonTypeNode> _nodes = new(StringComparer.Ordinal);
    private readonly NameTable _names;

    public CommonTypeOrder(IEnumerable<DeclaredNamespace> namespaces, NameTable names)
    {
        _names = names;
        foreach (DeclaredNamespace declared in namespaces)
            foreach (DeclaredCommonType common in declared.CommonTypes)
            {
                string name = declared.Qualify(common.Name.Text);
                _nodes.TryAdd(name, new CommonTypeNode(name, common, declared));
            }

        foreach (CommonTypeNode node in _nodes.Values) Link(node, node.Declared.Type);
        Sorted = Sort();
        Cyclic = [.. _nodes.Values.Where(node => node.Waiting > 0)];
    }

    public IReadOnlyList<CommonTypeNode> Sorted { get; }

    /// <summary>Those in a circle, or naming one that is.</summary>
    public IReadOnlyList<CommonTypeNode> Cyclic { get; }

    private void Link(CommonTypeNode user, DeclaredType type)
    {
        switch (type)
        {
            case DeclaredSet set:
                Link(user, set.Element);
                break;
            case DeclaredRecord record:
                foreach (DeclaredField field in record.Fields) Link(user, field.Type);
                break;
            case DeclaredReference reference when _names.FindCommonType(reference.Name, user.Namespace, reference.Kind) is { } name:
                _nodes[name].Users.Add(user);
                user.Waiting++;
                break;
        }
    }

    private List<CommonTypeNode> Sort()
    {
        List<CommonTypeNode> sorted = [.. _nodes.Values.Where(node => node.Waiting == 0)];
        for (int at = 0; at < sorted.Count; at++)
            foreach (CommonTypeNode user in sorted[at].Users)
                if (--user.Waiting == 0) sorted.Add(user);

        return sorted;
    }
}
