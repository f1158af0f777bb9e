using Spiffe.Agent.Policy.Schema.Declarations;

namespace Spiffe.Agent.Policy.Schema.Resolution;

/// <summary>A common type on its way through <see cref="CommonTypeOrder"/>.</summary>
internal sealed class CommonTypeNode(string name, DeclaredCommonType declared, DeclaredNamespace from)
{
    /// <summary>Its full name.</summary>
    public string Name { get; } = name;

    public DeclaredCommonType Declared { get; } = declared;

    public DeclaredNamespace Namespace { get; } = from;

    /// <summary>Those that name it.</summary>
    public List<CommonTypeNode> Users { get; } = [];

    /// <summary>How many of those that it names still wait for their turn.</summary>
    public int Waiting { get; set; }
}
