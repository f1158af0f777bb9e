namespace Spiffe.Agent.Policy.Values;

/// <summary>The name of an entity: a type and an id, compared by exact text. Its hash is kept, so looking one up costs little.</summary>
public sealed class EntityUid : IEquatable<EntityUid>
{
    private readonly int _hash;

    /// <param name="type">The type's full name, such as <c>App::User</c>; not checked, since parsers and schemas do.</param>
    /// <param name="id">Any text.</param>
    public EntityUid(string type, string id)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(id);
        Type = type;
        Id = id;
        _hash = HashCode.Combine(type.GetHashCode(StringComparison.Ordinal), id.GetHashCode(StringComparison.Ordinal));
    }

    /// <summary>The type's full name.</summary>
    public string Type { get; }

    /// <summary>Which of its type.</summary>
    public string Id { get; }

    public bool Equals(EntityUid? other) => ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash && string.Equals(Id, other.Id, StringComparison.Ordinal) && string.Equals(Type, other.Type, StringComparison.Ordinal));

    public override bool Equals(object? obj) => Equals(obj as EntityUid);

    public override int GetHashCode() => _hash;

    /// <summary>As Cedar writes it: <c>User::"alice"</c>.</summary>
    public override string ToString() => $"{Type}::{Syntax.StringEscape.Quote(Id)}";
}
